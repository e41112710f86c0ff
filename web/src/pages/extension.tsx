import { useRef, useState } from "preact/hooks";
import * as api from "../api/calls";
import { Refusal } from "../api/client";
import type { ExtensionWithVersions, HistoryEntry, Session } from "../api/types";
import { t } from "../text";
import { Button, Picture, pictureTurn, StatusBadge, Time } from "../parts/basic";
import { Area, Fault, Field, Form, useSubmission } from "../parts/form";
import { Loaded, useLoad } from "../parts/load";
import { go, Link } from "../parts/navigation";
import { say } from "../parts/notices";
import { Page, Section } from "../parts/page";
import { VersionBox } from "../parts/version_box";

interface ExtensionProps {
  session: Session;
  name: string;
  version: number | null;
}

export function ExtensionPage({ session, name, version }: ExtensionProps) {
  const loading = useLoad(() => Promise.all([api.extension(name), historyFor(name)]), [name]);
  const title = loading.data?.[0].title ?? name;
  const above = <Link to={{ page: "extensions" }}>← {t.extension.back}</Link>;
  const picture = <Picture image={loading.data?.[0].image ?? null} title={title} size="large" />;
  return (
    <Page title={title} lead={loading.data?.[0].description} above={above} picture={picture}>
      <Loaded of={loading}>
        {([extension, history]) => (
          <Content session={session} extension={extension} history={history} version={version} reload={loading.reload} />
        )}
      </Loaded>
    </Page>
  );
}

/** Null for who is neither its developer nor an operator. */
async function historyFor(name: string): Promise<HistoryEntry[] | null> {
  try {
    return await api.history(name);
  } catch (fault) {
    if (fault instanceof Refusal && fault.status === 403) return null;
    throw fault;
  }
}

interface ContentProps {
  session: Session;
  extension: ExtensionWithVersions;
  history: HistoryEntry[] | null;
  version: number | null;
  reload: () => Promise<void>;
}

function Content({ session, extension, history, version, reload }: ContentProps) {
  const own = extension.owner.id === session.user.id;
  const shown = extension.versions.find((one) => one.number === version) ?? extension.versions[0];
  return (
    <>
      <Versions extension={extension} shown={shown?.number ?? 0} own={own} reload={reload} />
      {shown && <VersionBox key={shown.number} session={session} extension={extension} version={shown} own={own} reload={reload} />}
      <div class="columns">
        {history && <History entries={history} />}
        {own && <Details key={extension.id} extension={extension} reload={reload} />}
      </div>
    </>
  );
}

function Versions({ extension, shown, own, reload }: { extension: ExtensionWithVersions; shown: number; own: boolean; reload: () => Promise<void> }) {
  const submission = useSubmission();
  const begin = async (): Promise<void> => {
    const made = await api.beginVersion(extension.name);
    say(t.extension.newVersionMade(made.number));
    await reload();
    go({ page: "extension", name: extension.name, version: made.number }, "replace");
  };
  return (
    <nav class="versions" aria-label={t.extension.versions}>
      <ul>
        {extension.versions.map((one) => (
          <li key={one.number}>
            <Link
              to={{ page: "extension", name: extension.name, version: one.number }}
              aria-current={one.number === shown ? "true" : undefined}
            >
              {t.extension.version(one.number)} <StatusBadge status={one.status} />
            </Link>
          </li>
        ))}
      </ul>
      {own && extension.status.development === null && (
        <Button busy={submission.busy} onClick={() => void submission.run(begin)} title={t.extension.newVersionHint}>
          {t.extension.newVersion}
        </Button>
      )}
      <Fault refusal={submission.refusal} />
    </nav>
  );
}

function History({ entries }: { entries: HistoryEntry[] }) {
  return (
    <Section title={t.extension.history}>
      {entries.length === 0 ? (
        <p class="quiet">{t.extension.noHistory}</p>
      ) : (
        <ol class="history">
          {entries.map((entry, index) => (
            <li key={index}>
              <Time at={entry.at} />
              <span>
                <strong>{entry.actor.name}</strong> {t.history.actions[entry.action] ?? entry.action}
                {entry.version !== null && <span class="quiet"> · {t.extension.version(entry.version)}</span>}
                <Change entry={entry} />
                {entry.reason && <q class="reason">{entry.reason}</q>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

const told = new Set(["run-commit", "scopes", "hosts"]);

/** Of what changed to what; where statuses changed, the action says it already. */
function Change({ entry }: { entry: HistoryEntry }) {
  if (!told.has(entry.action)) return null;
  return (
    <code class="block quiet">
      {entry.from || t.history.empty} → {entry.to || t.history.empty}
    </code>
  );
}

function Details({ extension, reload }: { extension: ExtensionWithVersions; reload: () => Promise<void> }) {
  const [title, setTitle] = useState(extension.title);
  const [description, setDescription] = useState(extension.description);
  const submission = useSubmission();
  const save = async (): Promise<void> => {
    await api.describeExtension(extension.name, { title: title.trim(), description: description.trim() });
    say(t.saved);
    await reload();
  };
  return (
    <Section title={t.extension.details}>
      <Form submission={submission} onSubmit={save}>
        <Field label={t.extensions.titleLabel} value={title} onValue={setTitle} fault={submission.fields["title"]} />
        <Area
          label={t.extensions.description}
          rows={3}
          value={description}
          onValue={setDescription}
          fault={submission.fields["description"]}
        />
        <Fault refusal={submission.refusal} shown={["title", "description"]} />
        <div>
          <Button type="submit" busy={submission.busy}>
            {t.save}
          </Button>
        </div>
      </Form>
      <ImageChoice extension={extension} reload={reload} />
    </Section>
  );
}

function ImageChoice({ extension, reload }: { extension: ExtensionWithVersions; reload: () => Promise<void> }) {
  const input = useRef<HTMLInputElement>(null);
  const submission = useSubmission();
  const put = async (file: File): Promise<void> => {
    await api.putImage(extension.name, file);
    say(t.extension.imageSaved);
    pictureTurn.set(pictureTurn.value + 1);
    await reload();
  };
  const remove = async (): Promise<void> => {
    await api.deleteImage(extension.name);
    say(t.extension.imageRemoved);
    pictureTurn.set(pictureTurn.value + 1);
    await reload();
  };
  return (
    <div class="field">
      <span class="label">{t.extension.image}</span>
      <div class="row">
        <Picture image={extension.image} title={extension.title} size="small" />
        <Button busy={submission.busy} onClick={() => input.current?.click()}>
          {t.extension.imageChoose}
        </Button>
        {extension.image && (
          <Button kind="bare" busy={submission.busy} onClick={() => void submission.run(remove)}>
            {t.extension.imageRemove}
          </Button>
        )}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/png,image/jpeg,image/webp"
        aria-label={t.extension.imageChoose}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) void submission.run(() => put(file));
        }}
      />
      <p class="hint">{t.extension.imageHint}</p>
      <Fault refusal={submission.refusal} />
    </div>
  );
}
