// The files of a commit beside those of another: which differ, and in which lines.
import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { FileEntry } from "../api/types";
import { bytes, t } from "../text";
import { Button } from "./basic";
import { Fault, useSubmission } from "./form";
import { countOf, diffLines, hunksOf, linesOf, type DiffLine } from "./line_diff";

export interface Place {
  name: string;
  version: number;
  commit: number;
}

interface FileChange {
  path: string;
  before: FileEntry | null;
  after: FileEntry | null;
}

const comparedBytesMax = 1_000_000;
const linesShownAtOnce = 400;

export function changesBetween(before: FileEntry[], after: FileEntry[]): { changes: FileChange[]; same: number } {
  const old = new Map(before.map((file) => [file.path, file]));
  const fresh = new Map(after.map((file) => [file.path, file]));
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  const changes = paths
    .map((path) => ({ path, before: old.get(path) ?? null, after: fresh.get(path) ?? null }))
    .filter((change) => change.before?.hash !== change.after?.hash);
  return { changes, same: paths.length - changes.length };
}

function decoded(content: Uint8Array): string | null {
  if (content.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return null;
  }
}

async function contentOf(place: Place | null, file: FileEntry | null): Promise<Uint8Array> {
  if (!place || !file) return new Uint8Array();
  return api.fileBytes(place.name, place.version, place.commit, file.path);
}

export function FileDiff({ change, from, to }: { change: FileChange; from: Place | null; to: Place }) {
  const [open, setOpen] = useState(false);
  const [lines, setLines] = useState<DiffLine[] | "binary" | null>(null);
  const submission = useSubmission();
  const kind = !change.before ? "added" : !change.after ? "removed" : "changed";
  const size = Math.max(change.before?.bytes ?? 0, change.after?.bytes ?? 0);
  const load = async (): Promise<void> => {
    const [before, after] = await Promise.all([contentOf(from, change.before), contentOf(to, change.after)]);
    const texts = [decoded(before), decoded(after)] as const;
    setLines(texts[0] === null || texts[1] === null ? "binary" : diffLines(linesOf(texts[0]), linesOf(texts[1])));
  };
  const toggle = (isOpen: boolean): void => {
    setOpen(isOpen);
    if (isOpen && lines === null && size <= comparedBytesMax) void submission.run(load);
  };
  const count = Array.isArray(lines) ? countOf(lines) : null;
  return (
    <details class="file-diff" open={open} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>
        <code>{change.path}</code>
        <span class={`change ${kind}`}>{t.review[kind]}</span>
        <span class="quiet">{bytes(change.after?.bytes ?? change.before?.bytes ?? 0)}</span>
        {count && (
          <span class="counts">
            <span class="plus">+{count.added}</span> <span class="minus">−{count.removed}</span>
          </span>
        )}
      </summary>
      {submission.busy && <p role="status">{t.loading}</p>}
      <Fault refusal={submission.refusal} />
      {size > comparedBytesMax && <p class="padded">{t.review.tooLong(bytes(size))}</p>}
      {lines === "binary" && (
        <p class="padded">{t.review.binary(bytes(change.before?.bytes ?? 0), bytes(change.after?.bytes ?? 0))}</p>
      )}
      {Array.isArray(lines) && <Lines lines={lines} path={change.path} />}
    </details>
  );
}

function Lines({ lines, path }: { lines: DiffLine[]; path: string }) {
  const [all, setAll] = useState(false);
  const hunks = hunksOf(lines);
  const total = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  let left = all ? Infinity : linesShownAtOnce;
  return (
    <div class="diff" role="region" aria-label={path} tabIndex={0}>
      <table>
        <thead class="unseen">
          <tr>
            <th scope="col">{t.review.lineBefore}</th>
            <th scope="col">{t.review.lineAfter}</th>
            <th scope="col">{t.review.files}</th>
          </tr>
        </thead>
        {hunks.map((hunk, index) => {
          const shown = hunk.lines.slice(0, Math.max(0, left));
          left -= hunk.lines.length;
          return (
            <tbody key={index}>
              {shown.map((line, row) => (
                <tr key={row} class={line.kind}>
                  <td class="line-number">{line.before}</td>
                  <td class="line-number">{line.after}</td>
                  <td class="line-text">
                    <span class="sign" aria-hidden="true">
                      {line.kind === "added" ? "+" : line.kind === "removed" ? "−" : " "}
                    </span>
                    {line.kind !== "same" && (
                      <span class="unseen">{line.kind === "added" ? t.review.addedLine : t.review.removedLine} </span>
                    )}
                    {line.text}
                  </td>
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
      {!all && total > linesShownAtOnce && (
        <p class="padded">
          <Button onClick={() => setAll(true)}>{t.review.allLines(total)}</Button>
        </p>
      )}
    </div>
  );
}

/** Of names that came and went: scopes, hosts. */
export function NameDiff({ before, after, words }: { before: string[]; after: string[]; words: (name: string) => string }) {
  const names = [...new Set([...before, ...after])].sort();
  if (names.length === 0) return <p class="quiet">{t.none}</p>;
  return (
    <ul class="name-diff">
      {names.map((name) => {
        const kind = !before.includes(name) ? "added" : !after.includes(name) ? "removed" : "same";
        return (
          <li key={name} class={kind}>
            <span class="sign" aria-hidden="true">
              {kind === "added" ? "+" : kind === "removed" ? "−" : " "}
            </span>
            <span>{words(name)}</span> <code>{name}</code>
            {kind !== "same" && <span class={`change ${kind}`}>{t.review[kind]}</span>}
          </li>
        );
      })}
    </ul>
  );
}
