import { useEffect, useState } from "preact/hooks";
import * as api from "../api/calls";
import type { LoggedRequest, RequestPage, Session } from "../api/types";
import { milliseconds, t } from "../text";
import { Button, Empty, TableFrame, Time } from "../parts/basic";
import { Choice } from "../parts/form";
import { Loaded, useLoad } from "../parts/load";
import { Page } from "../parts/page";
import { accountName } from "../parts/session";

export function Requests({ session, account }: { session: Session; account: string }) {
  const [status, setStatus] = useState("");
  const [page, setPage] = useState(1);
  useEffect(() => setPage(1), [account, status]);
  const requests = useLoad(() => api.requests(account, { status, page }), [account, status, page]);
  const options = Object.entries(t.requests.filters).map(([value, label]) => ({ value, label }));
  const choice = <Choice label={t.requests.filter} value={status} onValue={setStatus} options={options} />;
  return (
    <Page title={t.requests.title} lead={t.requests.lead(accountName(session.accounts, account))} actions={choice}>
      <Loaded of={requests}>
        {(found) =>
          found.results.length === 0 ? (
            <Empty title={t.requests.noneTitle}>
              <p>{t.requests.none}</p>
            </Empty>
          ) : (
            <>
              <List all={found.results} />
              <Pages found={found} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function List({ all }: { all: LoggedRequest[] }) {
  return (
    <TableFrame label={t.requests.title}>
      <table class="table log stacks">
        <thead>
          <tr>
            <th scope="col">{t.requests.status}</th>
            <th scope="col">{t.requests.request}</th>
            <th scope="col">{t.requests.error}</th>
            <th scope="col">{t.requests.duration}</th>
            <th scope="col">{t.requests.caller}</th>
            <th scope="col">{t.requests.at}</th>
          </tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.request_id}>
              <td data-label={t.requests.status}>
                <span class={`badge status-${Math.floor(one.status / 100)}`}>{one.status}</span>
              </td>
              <th scope="row">
                <code>
                  {one.method} <span class="breaks">{one.path}</span>
                </code>
                <code class="block quiet" title={t.requests.id}>
                  {one.request_id}
                </code>
              </th>
              <td data-label={t.requests.error} class={one.type || one.message ? "" : "vacant"}>
                <span>
                  {one.type && <code>{one.type}</code>}
                  {one.message && <span class="block quiet">{one.message}</span>}
                </span>
              </td>
              <td class="figure" data-label={t.requests.duration}>{milliseconds(one.microseconds)}</td>
              <td data-label={t.requests.caller}>
                <span>
                  {one.extension ?? (one.kind ? (t.keys.kinds[one.kind] ?? one.kind) : "–")}
                  {one.key && <code class="block quiet">{one.key.slice(0, 12)}</code>}
                </span>
              </td>
              <td data-label={t.requests.at}>
                <Time at={one.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Pages({ found, onPage }: { found: RequestPage; onPage: (page: number) => void }) {
  return (
    <nav class="row spread pages" aria-label={t.requests.page(found.page, found.pages)}>
      <span class="quiet">
        {t.requests.count(found.count)} · {t.requests.page(found.page, found.pages)}
      </span>
      <span class="row">
        {found.page > 1 && <Button onClick={() => onPage(found.page - 1)}>{t.requests.previous}</Button>}
        {found.page < found.pages && <Button onClick={() => onPage(found.page + 1)}>{t.requests.next}</Button>}
      </span>
    </nav>
  );
}
