// A version: where it stands, what runs of it, what it asks for, and what may be done with it now.
import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Commit, ExtensionWithVersions, Session, Transition, Version } from "../api/types";
import { bytes, t } from "../text";
import { Button, Callout, StatusBadge, Time } from "./basic";
import { Confirm } from "./dialog";
import { DropZone } from "./drop_zone";
import { Area, Fault, useSubmission } from "./form";
import { say } from "./notices";
import { Section } from "./page";
import { ScopeList, scopeDetail, scopeWords, useScopes } from "./scope_words";
import { TryIt } from "./try_it";

export interface VersionBoxProps {
  session: Session;
  extension: ExtensionWithVersions;
  version: Version;
  own: boolean;
  reload: () => Promise<void>;
}

export function VersionBox(props: VersionBoxProps) {
  const { version, own } = props;
  const changeable = own && version.status === "development";
  const wordsTitle =
    version.status === "down" ? t.box.reasonDown : version.status === "denied" ? t.box.reasonDenied : t.box.words;
  return (
    <article class="box" aria-label={t.extension.version(version.number)}>
      <header class="box-header">
        <h2>
          {t.extension.version(version.number)} <span class="quiet">({version.label})</span>
        </h2>
        <StatusBadge status={version.status} />
        <span class="quiet">
          <Time at={version.changed} />
        </span>
        <Transitions {...props} />
      </header>
      {version.words && (
        <Callout kind={version.status === "denied" || version.status === "down" ? "warning" : "note"} title={wordsTitle}>
          {version.words}
        </Callout>
      )}
      <div class="box-columns">
        {(own || version.commits.length > 0) && (
          <div class="box-column">
            <Commits {...props} changeable={changeable} />
          </div>
        )}
        <div class="box-column">
          {(own || version.status === "production") && <TryIt {...props} />}
          {changeable ? <Asks {...props} /> : <Asked version={version} own={own} />}
        </div>
      </div>
    </article>
  );
}

const wantsReason: Record<Transition, "no" | "optional" | "required"> = {
  submit: "optional",
  publish: "optional",
  return: "required",
  deny: "required",
  down: "required",
};

export function Transitions({ extension, version, reload }: Pick<VersionBoxProps, "version" | "reload"> & { extension: { name: string } }) {
  const [asked, setAsked] = useState<Transition | null>(null);
  const move = async (transition: Transition, reason: string): Promise<void> => {
    await api.move(extension.name, version.number, transition, reason);
    say(t.box.moved[transition]);
    setAsked(null);
    await reload();
  };
  const reasonOf = (transition: Transition) => {
    const wanted = wantsReason[transition];
    if (wanted === "no") return undefined;
    const label = wanted === "optional" ? t.box.note : transition === "down" ? t.box.reasonDownLabel : t.box.reason;
    return { label, field: "reason", optional: wanted === "optional" };
  };
  const danger = (transition: Transition): boolean => transition === "deny" || transition === "down";
  return (
    <div class="box-actions">
      {version.transitions.map((transition) => (
        <Button
          key={transition}
          kind={danger(transition) ? "danger" : transition === "return" ? "plain" : "primary"}
          onClick={() => setAsked(transition)}
        >
          {t.box.transitions[transition]}
        </Button>
      ))}
      {asked && (
        <Confirm
          title={t.box.transitionTitles[asked](version.label)}
          lead={t.box.transitionLeads[asked]}
          action={t.box.transitions[asked]}
          danger={danger(asked)}
          reason={reasonOf(asked)}
          onConfirm={(reason) => move(asked, reason)}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

function Commits({ extension, version, changeable, reload }: VersionBoxProps & { changeable: boolean }) {
  const submission = useSubmission();
  const choose = async (commit: Commit): Promise<void> => {
    await api.changeVersion(extension.name, version.number, { running: commit.number });
    say(t.box.runsNow(commit.label));
    await reload();
  };
  const newestFirst = [...version.commits].sort((one, other) => other.number - one.number);
  return (
    <Section title={t.box.commits} level={3}>
      <ul class="commits">
        {newestFirst.map((commit) => (
          <li key={commit.number} class={commit.number === version.running ? "runs" : ""}>
            <span class="commit-label">{commit.label}</span>
            <span class="commit-words">
              {commit.message || (commit.number === 0 ? t.box.boilerplate : t.box.commit)}
              <span class="quiet block">
                {commit.author.name} · <Time at={commit.created} /> · {t.box.files(commit.files)} · {bytes(commit.bytes)}
              </span>
            </span>
            {commit.number === version.running ? (
              <span class="badge runs">{t.box.runs}</span>
            ) : (
              changeable && (
                <Button
                  kind="bare"
                  busy={submission.busy}
                  aria-label={t.box.runThis(commit.label)}
                  onClick={() => void submission.run(() => choose(commit))}
                >
                  {t.box.use}
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
      <Fault refusal={submission.refusal} />
      {changeable && <DropZone name={extension.name} version={version.number} onUploaded={reload} />}
    </Section>
  );
}

function Asked({ version, own }: { version: Version; own: boolean }) {
  const scopes = useScopes();
  return (
    <Section title={t.box.scopes} level={3}>
      {version.scopes.length > 0 ? <ScopeList names={version.scopes} scopes={scopes} /> : <p>{t.box.scopesNone}</p>}
      <h4>{t.box.hosts}</h4>
      {version.hosts.length > 0 ? (
        <ul class="host-list">
          {version.hosts.map((host) => (
            <li key={host}>
              <code>{host}</code>
            </li>
          ))}
        </ul>
      ) : (
        <p class="quiet">{t.box.hostsNone}</p>
      )}
      {own && <p class="quiet">{t.box.frozen}</p>}
    </Section>
  );
}

const hostsIn = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
const sameNames = (one: string[], other: string[]): boolean => [...one].sort().join(" ") === [...other].sort().join(" ");

function Asks({ extension, version, reload }: VersionBoxProps) {
  const scopes = useScopes();
  const [chosen, setChosen] = useState(version.scopes);
  const [hosts, setHosts] = useState(version.hosts.join("\n"));
  const submission = useSubmission();
  const more = chosen.some((name) => !version.scopes.includes(name)) || hostsIn(hosts).some((host) => !version.hosts.includes(host));
  const changed = !sameNames(chosen, version.scopes) || !sameNames(hostsIn(hosts), version.hosts);
  const save = async (): Promise<void> => {
    const saved = await api.changeVersion(extension.name, version.number, { scopes: chosen, hosts: hostsIn(hosts) });
    setChosen(saved.scopes);
    setHosts(saved.hosts.join("\n"));
    say(more ? t.box.scopesSavedAsk : t.box.scopesSaved);
    await reload();
  };
  const flip = (name: string, wanted: boolean): void =>
    setChosen(wanted ? [...chosen, name] : chosen.filter((other) => other !== name));
  const faults = Object.entries(submission.fields);
  const faultOf = (field: string): string | undefined =>
    faults.filter(([name]) => name === field || name.startsWith(`${field}.`)).map(([, words]) => words).join(" ") || undefined;
  return (
    <Section title={t.box.scopes} lead={t.box.scopesLead} level={3}>
      <fieldset class="scope-choices">
        <legend class="unseen">{t.box.scopes}</legend>
        {scopes.map((scope) => (
          <label key={scope.name} class="scope-choice" title={scope.description ?? undefined}>
            <input
              type="checkbox"
              checked={chosen.includes(scope.name)}
              onChange={(event) => flip(scope.name, event.currentTarget.checked)}
            />
            <span>
              {scopeWords(scope.name)} <code>{scope.name}</code>
              <span class="quiet block">{scopeDetail(scope.name, scopes)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {faultOf("scopes") && (
        <p class="field-fault" role="alert">
          {faultOf("scopes")}
        </p>
      )}
      <Area label={t.box.hosts} hint={t.box.hostsLead} rows={2} value={hosts} onValue={setHosts} fault={faultOf("hosts")} spellcheck={false} />
      <Fault refusal={submission.refusal} shown={faults.map(([name]) => name).filter((name) => /^(scopes|hosts)/.test(name))} />
      <div>
        <Button kind={changed ? "primary" : "plain"} busy={submission.busy} onClick={() => void submission.run(save)}>
          {t.box.saveScopes}
        </Button>
      </div>
    </Section>
  );
}
