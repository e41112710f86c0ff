// Authorise, run and test a version for one of one's accounts.
import { useEffect, useState } from "preact/hooks";
import * as api from "../api/calls";
import type { TestToken } from "../api/types";
import { t } from "../text";
import { agreementOn } from "./agreement";
import { Button, Copyable, Countdown } from "./basic";
import { Consent } from "./consent";
import { Choice, Fault, useSubmission } from "./form";
import { go } from "./navigation";
import { say } from "./notices";
import { Section } from "./page";
import { account as chosenAccount, accountName, chooseAccount } from "./session";
import { Revoke, Standing } from "./standing";
import { useStore } from "./store";
import type { VersionBoxProps } from "./version_box";

export function TryIt(props: VersionBoxProps) {
  const { session, extension, version, own, reload } = props;
  const account = useStore(chosenAccount);
  const [open, setOpen] = useState<"consent" | "revoke" | null>(null);
  const close = (): void => setOpen(null);
  const accounts = session.accounts.map((one) => ({ value: one.id, label: one.name || one.id }));
  const agreement = agreementOn(version, version.authorisations, account);
  const { covering, newest } = agreement;
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
      <div class="standing">
        <Standing agreement={agreement} />
        {!covering && (
          <Button kind="primary" onClick={() => setOpen("consent")}>
            {t.box.authorise}
          </Button>
        )}
        {newest && (
          <Button kind="bare" onClick={() => setOpen("revoke")}>
            {t.box.revoke}
          </Button>
        )}
      </div>
      {covering && (
        <div class="row">
          <Button
            kind="primary"
            onClick={() => go({ page: "run", name: extension.name, version: version.number, account })}
          >
            {t.box.run}
          </Button>
        </div>
      )}
      {own && version.status === "development" && covering && (
        <TokenBox key={account} name={extension.name} version={version.number} account={account} />
      )}
      {open === "consent" && (
        <Consent
          name={extension.name}
          title={extension.title}
          version={version}
          account={{ id: account, name: accountName(session.accounts, account) }}
          onAgreed={reload}
          onClose={close}
        />
      )}
      {open === "revoke" && newest && (
        <Revoke title={extension.title} version={version.number} authorisation={newest} reload={reload} onClose={close} />
      )}
    </Section>
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
