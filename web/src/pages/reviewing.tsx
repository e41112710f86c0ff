import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Extension, ReviewItem, Session } from "../api/types";
import { t } from "../text";
import { Button, Callout, Picture, Time } from "../parts/basic";
import { Consent } from "../parts/consent";
import { changesBetween, FileDiff, NameDiff, type Place } from "../parts/diff_view";
import { Choice } from "../parts/form";
import { Loaded, useLoad } from "../parts/load";
import { go, Link } from "../parts/navigation";
import { Page, Section } from "../parts/page";
import { scopeWords } from "../parts/scope_words";
import { account as chosenAccount, accountName, chooseAccount } from "../parts/session";
import { useStore } from "../parts/store";
import { Transitions } from "../parts/version_box";

interface Compared extends ReviewItem {
  note: string; // what the developer wrote with it
  from: Place | null;
  to: Place;
  differences: ReturnType<typeof changesBetween>;
}

/** What the queue says of it, and the files beside those of what is in production, or of the boilerplate. */
async function compare(name: string, number: number): Promise<{ found: Compared | null }> {
  const item = (await api.reviewQueue()).find((one) => one.extension.name === name && one.version.number === number);
  if (!item) return { found: null };
  const to = { name, version: number, commit: item.version.running };
  const before = item.production;
  const from = before
    ? { name, version: before.number, commit: before.running }
    : item.version.running > 0
      ? { name, version: number, commit: 0 }
      : null;
  const [history, old, fresh] = await Promise.all([
    api.history(name),
    from ? api.files(name, from.version, from.commit) : [],
    api.files(name, to.version, to.commit),
  ]);
  const submissions = history.filter((entry) => entry.action === "submit" && entry.version === number);
  const latest = submissions.sort((one, other) => Date.parse(other.at) - Date.parse(one.at))[0];
  return { found: { ...item, note: latest?.reason ?? "", from, to, differences: changesBetween(old, fresh) } };
}

export function Reviewing({ session, name, version }: { session: Session; name: string; version: number }) {
  const loading = useLoad(() => compare(name, version), [name, version]);
  const item = loading.data?.found;
  const title = `${item?.extension.title ?? name} ${item?.version.label ?? ""}`.trim();
  const picture = <Picture image={item?.extension.image ?? null} title={title} size="large" />;
  const decided = async (): Promise<void> => go({ page: "review" });
  return (
    <Page
      title={title}
      lead={item?.extension.description}
      above={<Link to={{ page: "review" }}>← {t.review.title}</Link>}
      picture={picture}
      actions={item && <Transitions extension={item.extension} version={item.version} reload={decided} />}
    >
      <Loaded of={loading}>
        {({ found }) => (found ? <Differences session={session} found={found} reload={loading.reload} /> : <p>{t.review.gone}</p>)}
      </Loaded>
    </Page>
  );
}

function Differences({ session, found, reload }: { session: Session; found: Compared; reload: () => Promise<void> }) {
  const { extension, version, production, differences, from, to } = found;
  return (
    <>
      <p class="quiet">
        {production ? t.review.compare(production.label) : t.review.compareFirst} · {t.by(extension.owner.name)} ·{" "}
        <Time at={version.changed} />
      </p>
      {found.note && (
        <Callout kind="note" title={t.box.note}>
          {found.note}
        </Callout>
      )}
      <div class="columns">
        <Section title={t.review.scopes}>
          <NameDiff before={production?.scopes ?? []} after={version.scopes} words={scopeWords} />
        </Section>
        <Section title={t.review.hosts}>
          <NameDiff before={production?.hosts ?? []} after={version.hosts} words={() => ""} />
        </Section>
      </div>
      <RunIt session={session} extension={extension} found={found} reload={reload} />
      <Section title={t.review.files} lead={differences.same > 0 ? t.review.same(differences.same) : undefined}>
        {differences.changes.length === 0 && <p class="quiet">{t.review.noFiles}</p>}
        {differences.changes.map((change) => (
          <FileDiff key={change.path} change={change} from={from} to={to} />
        ))}
      </Section>
    </>
  );
}

function RunIt({ session, extension, found, reload }: { session: Session; extension: Extension; found: Compared; reload: () => Promise<void> }) {
  const account = useStore(chosenAccount);
  const [consenting, setConsenting] = useState(false);
  if (session.accounts.length === 0)
    return (
      <Section title={t.review.runAs}>
        <p class="quiet">{t.box.noAccounts}</p>
      </Section>
    );
  const { version } = found;
  const covered = version.authorisations.some((one) => one.account === account && one.covers);
  const options = session.accounts.map((one) => ({ value: one.id, label: one.name || one.id }));
  const run = (): void => go({ page: "run", name: extension.name, version: version.number, account });
  return (
    <Section title={t.review.runAs}>
      <div class="row end">
        <Choice label={t.box.account} value={account} onValue={chooseAccount} options={options} />
        <Button onClick={() => (covered ? run() : setConsenting(true))}>{covered ? t.box.run : t.box.authorise}</Button>
      </div>
      {consenting && (
        <Consent
          name={extension.name}
          title={extension.title}
          version={version}
          account={{ id: account, name: accountName(session.accounts, account) }}
          onAgreed={reload}
          onClose={() => setConsenting(false)}
        />
      )}
    </Section>
  );
}
