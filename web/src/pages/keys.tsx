import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Key, NewKey, Session } from "../api/types";
import { day, t } from "../text";
import { Button, Copyable, Empty, TableFrame, Time } from "../parts/basic";
import { Confirm, Dialog } from "../parts/dialog";
import { Choice, Fault, Field, Form, useSubmission, wrongFields } from "../parts/form";
import { Loaded, useLoad } from "../parts/load";
import { say } from "../parts/notices";
import { Page } from "../parts/page";
import { accountName } from "../parts/session";
import { useNow } from "../parts/store";

type Open = { dialog: "create" } | { dialog: "rotate" | "revoke"; key: Key } | { dialog: "shown"; made: NewKey };

export function Keys({ session, account }: { session: Session; account: string }) {
  const keys = useLoad(() => api.keys(account), [account]);
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const shown = async (made: NewKey): Promise<void> => {
    setOpen({ dialog: "shown", made });
    await keys.reload();
  };
  const revoke = async (key: Key): Promise<void> => {
    await api.revokeKey(account, key.id);
    say(t.keys.revoked);
    close();
    await keys.reload();
  };
  const mayAll = session.accounts.some((one) => one.id === account && one.everything);
  const create = mayAll && (
    <Button kind="primary" onClick={() => setOpen({ dialog: "create" })}>
      {t.keys.create}
    </Button>
  );
  return (
    <Page title={t.keys.title} lead={t.keys.lead(accountName(session.accounts, account))} actions={create}>
      <Loaded of={keys}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.keys.noneTitle}>
              <p>{t.keys.none}</p>
            </Empty>
          ) : (
            <List all={all} onOpen={setOpen} />
          )
        }
      </Loaded>
      {open?.dialog === "create" && <Create account={account} onMade={shown} onClose={close} />}
      {open?.dialog === "shown" && <Shown made={open.made} onClose={close} />}
      {open?.dialog === "rotate" && (
        <Confirm
          title={t.keys.rotateTitle(labelOf(open.key))}
          lead={t.keys.rotateLead}
          action={t.keys.rotate}
          onConfirm={async () => shown(await api.rotateKey(account, open.key.id))}
          onClose={close}
        />
      )}
      {open?.dialog === "revoke" && (
        <Confirm
          title={t.keys.revokeTitle(labelOf(open.key))}
          lead={t.keys.revokeLead}
          action={t.keys.revoke}
          danger
          onConfirm={() => revoke(open.key)}
          onClose={close}
        />
      )}
    </Page>
  );
}

const labelOf = (key: Key): string => key.label || t.keys.unnamed;

function List({ all, onOpen }: { all: Key[]; onOpen: (open: Open) => void }) {
  return (
    <TableFrame label={t.keys.title}>
      <table class="table stacks">
        <thead>
          <tr>
            <th scope="col">{t.keys.label}</th>
            <th scope="col">{t.keys.kind}</th>
            <th scope="col">{t.keys.mode}</th>
            <th scope="col">{t.keys.created}</th>
            <th scope="col">{t.keys.expires}</th>
            <th scope="col">{t.keys.state}</th>
            <th scope="col">
              <span class="unseen">{t.keys.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {all.map((key) => (
            <Row key={key.id} one={key} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Row({ one, onOpen }: { one: Key; onOpen: (open: Open) => void }) {
  const now = useNow(30);
  const expired = one.expires !== null && Date.parse(one.expires) <= now;
  const alive = one.revoked === null && !expired;
  return (
    <tr class={alive ? "" : "faded"}>
      <th scope="row">
        {labelOf(one)}
        <code class="block quiet">{one.id.slice(0, 12)}…</code>
      </th>
      <td data-label={t.keys.kind}>{t.keys.kinds[one.kind] ?? one.kind}</td>
      <td data-label={t.keys.mode}>{t.keys.modes[one.mode] ?? one.mode}</td>
      <td data-label={t.keys.created}>
        <Time at={one.created} />
      </td>
      <td data-label={t.keys.expires}>{one.expires === null ? t.keys.never : day(one.expires)}</td>
      <td data-label={t.keys.state}>
        {alive && <span class="badge production">{t.keys.active}</span>}
        {one.revoked !== null && <span class="badge down">{t.keys.revokedAt(day(one.revoked))}</span>}
        {one.revoked === null && expired && <span class="badge down">{t.keys.expired}</span>}
      </td>
      <td class="actions">
        {alive && (
          <span class="row">
            <Button aria-label={t.keys.rotateOf(labelOf(one))} onClick={() => onOpen({ dialog: "rotate", key: one })}>
              {t.keys.rotate}
            </Button>
            <Button aria-label={t.keys.revokeOf(labelOf(one))} onClick={() => onOpen({ dialog: "revoke", key: one })}>
              {t.keys.revoke}
            </Button>
          </span>
        )}
      </td>
    </tr>
  );
}

/** The day after today where the reader is, as an input of dates has it. */
function tomorrow(): string {
  const day = new Date();
  day.setDate(day.getDate() + 1);
  const digits = (number: number): string => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${digits(day.getMonth() + 1)}-${digits(day.getDate())}`;
}

function Create({ account, onMade, onClose }: { account: string; onMade: (made: NewKey) => Promise<void>; onClose: () => void }) {
  const [label, setLabel] = useState("");
  const [kind, setKind] = useState("private");
  const [mode, setMode] = useState("production");
  const [expires, setExpires] = useState("");
  const submission = useSubmission();
  const faults = submission.fields;
  const create = async (): Promise<void> => {
    const wanted: api.WantedKey = { kind, mode, label: label.trim() };
    if (expires && expires < tomorrow()) throw wrongFields({ expires: [t.keys.expiresTooSoon] });
    if (expires) wanted.expires = new Date(`${expires}T00:00:00`).toISOString();
    await onMade(await api.createKey(account, wanted));
  };
  const options = (names: Record<string, string>) => Object.entries(names).map(([value, words]) => ({ value, label: words }));
  return (
    <Dialog title={t.keys.create} onClose={onClose}>
      <Form submission={submission} onSubmit={create}>
        <Field label={t.keys.label} hint={t.keys.labelHint} value={label} onValue={setLabel} fault={faults["label"]} />
        <Choice
          label={t.keys.kind}
          hint={t.keys.kindHints[kind]}
          value={kind}
          onValue={setKind}
          options={options(t.keys.kinds)}
          fault={faults["kind"]}
        />
        <Choice label={t.keys.mode} value={mode} onValue={setMode} options={options(t.keys.modes)} fault={faults["mode"]} />
        <Field
          label={t.keys.expires}
          hint={t.keys.expiresHint}
          optional
          name="expires"
          type="date"
          min={tomorrow()}
          value={expires}
          onValue={setExpires}
          fault={faults["expires"]}
        />
        <Fault refusal={submission.refusal} shown={["label", "kind", "mode", "expires"]} />
        <div class="dialog-actions">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" kind="primary" busy={submission.busy}>
            {t.keys.submit}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

function Shown({ made, onClose }: { made: NewKey; onClose: () => void }) {
  return (
    <Dialog title={t.keys.shownTitle} onClose={onClose}>
      <p>{t.keys.shownLead}</p>
      <Copyable label={labelOf(made)} text={made.token} copyLabel={t.keys.copyKey} />
      <div class="dialog-actions">
        <Button kind="primary" onClick={onClose}>
          {t.keys.done}
        </Button>
      </div>
    </Dialog>
  );
}
