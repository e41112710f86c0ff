import * as api from "../api/calls";
import { t } from "../text";
import { Empty, Picture, TableFrame, Time } from "../parts/basic";
import { Loaded, useLoad } from "../parts/load";
import { Link } from "../parts/navigation";
import { Page } from "../parts/page";

export function Review() {
  const queue = useLoad(api.reviewQueue, []);
  return (
    <Page title={t.review.title} lead={t.review.lead}>
      <Loaded of={queue}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.review.noneTitle}>
              <p>{t.review.none}</p>
            </Empty>
          ) : (
            <TableFrame label={t.review.title}>
              <table class="table stacks">
                <thead>
                  <tr>
                    <th scope="col">{t.extensions.name}</th>
                    <th scope="col">{t.extension.versions}</th>
                    <th scope="col">{t.extensions.owner}</th>
                    <th scope="col">{t.review.submitted}</th>
                  </tr>
                </thead>
                <tbody>
                  {all.map(({ extension, version, production }) => (
                    <tr key={`${extension.id}/${version.number}`}>
                      <th scope="row">
                        <span class="with-picture">
                          <Picture image={extension.image} title={extension.title} size="small" />
                          <span>
                            <Link to={{ page: "reviewing", name: extension.name, version: version.number }}>{extension.title}</Link>
                            <code class="block quiet">{extension.name}</code>
                          </span>
                        </span>
                      </th>
                      <td data-label={t.extension.versions}>
                        <span>
                          {version.label}
                          <span class="block quiet">
                            {production ? `${t.review.inProduction}: ${production.label}` : t.review.firstVersion}
                          </span>
                        </span>
                      </td>
                      <td data-label={t.extensions.owner}>{extension.owner.name}</td>
                      <td data-label={t.review.submitted}>
                        <Time at={version.changed} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          )
        }
      </Loaded>
    </Page>
  );
}
