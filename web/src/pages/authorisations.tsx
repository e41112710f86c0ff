import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Authorisation, Session } from "../api/types";
import { t } from "../text";
import { Button, Empty, TableFrame, Time } from "../parts/basic";
import { Loaded, useLoad } from "../parts/load";
import { Page } from "../parts/page";
import { scopeWords } from "../parts/scope_words";
import { accountName } from "../parts/session";
import { Revoke } from "../parts/standing";

export function Authorisations({ session }: { session: Session }) {
  const given = useLoad(api.authorisations, []);
  const [revoking, setRevoking] = useState<Authorisation | null>(null);
  return (
    <Page title={t.authorisations.title} lead={t.authorisations.lead}>
      <Loaded of={given}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.authorisations.noneTitle}>
              <p>{t.authorisations.none}</p>
            </Empty>
          ) : (
            <List session={session} all={all} onRevoke={setRevoking} />
          )
        }
      </Loaded>
      {revoking && (
        <Revoke
          title={revoking.extension}
          version={revoking.version}
          authorisation={revoking}
          reload={given.reload}
          onClose={() => setRevoking(null)}
        />
      )}
    </Page>
  );
}

function List({ session, all, onRevoke }: { session: Session; all: Authorisation[]; onRevoke: (one: Authorisation) => void }) {
  return (
    <TableFrame label={t.authorisations.title}>
      <table class="table stacks">
        <thead>
          <tr>
            <th scope="col">{t.authorisations.extension}</th>
            <th scope="col">{t.authorisations.account}</th>
            <th scope="col">{t.authorisations.may}</th>
            <th scope="col">{t.authorisations.since}</th>
            <th scope="col">
              <span class="unseen">{t.authorisations.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                {one.extension}
                <span class="block quiet">{t.extension.version(one.version)}</span>
              </th>
              <td data-label={t.authorisations.account}>{accountName(session.accounts, one.account)}</td>
              <td data-label={t.authorisations.may}>
                <div>
                  {one.scopes.length > 0 ? one.scopes.map(scopeWords).join(" · ") : t.authorisations.nothing}
                  {one.hosts.length > 0 && <span class="block quiet">{t.authorisations.hosts(one.hosts.join(" · "))}</span>}
                </div>
              </td>
              <td data-label={t.authorisations.since}>
                <Time at={one.created} />
              </td>
              <td class="actions">
                <Button aria-label={t.authorisations.revokeOf(one.extension)} onClick={() => onRevoke(one)}>
                  {t.authorisations.revoke}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
