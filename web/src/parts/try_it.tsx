// Authorise, run and test a version for one of one's accounts.
import { useEffect, useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Authorisation, TestToken } from "../api/types";
import { t } from "../text";
import { Button, Copyable, Countdown, Time } from "./basic";
import { Consent } from "./consent";
import { Choice, Fault, useSubmission } from "./form";
import { go } from "./navigation";
import { say } from "./notices";
import { Section } from "./page";
import { account as chosenAccount, accountName, chooseAccount, given } from "./session";
import { useStore } from "./store";
import type { VersionBoxProps } from "./version_box";

export function TryIt(props: VersionBoxProps) {
  const { session, extension, version, own, reload } = props;
  const account = useStore(chosenAccount);
  const [consenting, setConsenting] = useState(false);
  const accounts = session.accounts.map((one) => ({ value: one.id, label: one.name || one.id }));
  const agreed = given(version.authorisations, account);
  if (accounts.length === 0)
    return (
      <Section title={t.box.try} level={3}>
        <p class="quiet">{t.box.noAccounts}</p>
      </Section>
    );
  if (!["development", "production", "revision"].includes(version.status)) return null;
  return (
    <Section title={t.box.try} lead={t.box.tryLead} level={3}>
      <Choice label={t.box.account} value={account} onValue={chooseAccount} options={accounts} />
      <Standing given={agreed} onAuthorise={() => setConsenting(true)} reload={reload} />
      {agreed?.covers && (
        <div class="row">
          <Button
            kind="primary"
            onClick={() => go({ page: "run", name: extension.name, version: version.number, account })}
          >
            {t.box.run}
          </Button>
        </div>
      )}
      {own && version.status === "development" && agreed?.covers && (
        <TokenBox key={account} name={extension.name} version={version.number} account={account} />
      )}
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

interface StandingProps {
  given: Authorisation | null;
  onAuthorise: () => void;
  reload: () => Promise<void>;
}

function Standing({ given, onAuthorise, reload }: StandingProps) {
  const submission = useSubmission();
  const revoke = async (id: string): Promise<void> => {
    await api.revoke(id);
    say(t.box.revoked);
    await reload();
  };
  return (
    <div class="standing">
      <p>
        {given?.covers ? (
          <span class="good">
            ✓ {t.box.authorised("")}
            <Time at={given.created} />
          </span>
        ) : (
          <span class="quiet">{given ? t.box.notCovered : t.box.notAuthorised}</span>
        )}
      </p>
      {!given?.covers && (
        <Button kind="primary" onClick={onAuthorise}>
          {t.box.authorise}
        </Button>
      )}
      {given && (
        <Button kind="bare" busy={submission.busy} onClick={() => void submission.run(() => revoke(given.id))}>
          {t.box.revoke}
        </Button>
      )}
      <Fault refusal={submission.refusal} />
    </div>
  );
}

function TokenBox({ name, version, account }: { name: string; version: number; account: string }) {
  const [made, setMade] = useState<TestToken | null>(null);
  const submission = useSubmission();
  useEffect(() => setMade(null), [version]);
  const make = async (): Promise<void> => {
    setMade(await api.testToken(name, version, account));
    say(t.box.testTokenMade);
  };
  return (
    <div class="token-box">
      <div class="row spread">
        <div>
          <strong>{t.box.testToken}</strong>
          <p class="quiet">{t.box.testTokenLead}</p>
        </div>
        <Button busy={submission.busy} onClick={() => void submission.run(make)}>
          {t.box.testToken}
        </Button>
      </div>
      <Fault refusal={submission.refusal} />
      {made && (
        <div class="stack">
          <Countdown until={made.expires} />
          <Copyable label={t.box.tokenLabel} text={made.token} copyLabel={t.box.copyToken} />
          {made.curl ? <Copyable label={t.box.curl} text={made.curl} copyLabel={t.box.copyCurl} /> : <p class="quiet">{t.box.nothingToRead}</p>}
        </div>
      )}
    </div>
  );
}
