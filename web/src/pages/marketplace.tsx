import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Offer, Session } from "../api/types";
import { t } from "../text";
import { agreementOn } from "../parts/agreement";
import { Button, Empty, Picture, StatusBadge } from "../parts/basic";
import { Consent } from "../parts/consent";
import { Choice } from "../parts/form";
import { Loaded, useLoad } from "../parts/load";
import { go } from "../parts/navigation";
import { Page } from "../parts/page";
import { scopeWords } from "../parts/scope_words";
import { account as chosenAccount, accountName, chooseAccount } from "../parts/session";
import { Revoke, Standing } from "../parts/standing";
import { useStore } from "../parts/store";

export function Marketplace({ session }: { session: Session }) {
  const offers = useLoad(api.marketplace, []);
  const account = useStore(chosenAccount);
  const options = session.accounts.map((one) => ({ value: one.id, label: one.name || one.id }));
  const choice = options.length > 1 && (
    <Choice label={t.marketplace.account} value={account} onValue={chooseAccount} options={options} />
  );
  return (
    <Page title={t.marketplace.title} lead={t.marketplace.lead} actions={choice}>
      <Loaded of={offers}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.marketplace.noneTitle}>
              <p>{t.marketplace.none}</p>
            </Empty>
          ) : (
            <ul class="cards">
              {all.map((offer) => (
                <Card key={`${offer.id}/${offer.version.number}`} session={session} offer={offer} account={account} reload={offers.reload} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

interface CardProps {
  session: Session;
  offer: Offer;
  account: string;
  reload: () => Promise<void>;
}

function Card({ session, offer, account, reload }: CardProps) {
  const [open, setOpen] = useState<"consent" | "revoke" | null>(null);
  const close = (): void => setOpen(null);
  const agreement = agreementOn(offer.version, offer.authorisations, account);
  const { covering, newest } = agreement;
  return (
    <li class="card">
      <header class="with-picture">
        <Picture image={offer.image} title={offer.title} size="large" />
        <div>
          <h2>{offer.title}</h2>
          <p class="quiet">
            {t.by(offer.owner.name)} · {t.marketplace.version(offer.version.label)}
            {offer.version.status !== "production" && (
              <>
                {" "}
                <StatusBadge status={offer.version.status} />
              </>
            )}
          </p>
        </div>
      </header>
      <p>{offer.description}</p>
      <p class="card-scopes">
        <span class="quiet">{t.marketplace.asks}:</span>{" "}
        {offer.version.scopes.length > 0 ? offer.version.scopes.map(scopeWords).join(" · ") : t.authorisations.nothing}
      </p>
      {(newest ?? agreement.elsewhere) && <Standing agreement={agreement} />}
      {session.accounts.length === 0 && <p class="quiet">{t.box.noAccounts}</p>}
      <div class="row">
        {covering && (
          <Button
            kind="primary"
            aria-label={`${t.marketplace.run}: ${offer.title}`}
            onClick={() => go({ page: "run", name: offer.name, version: offer.version.number, account })}
          >
            {t.marketplace.run}
          </Button>
        )}
        {!covering && session.accounts.length > 0 && (
          <Button kind="primary" aria-label={`${t.box.authorise}: ${offer.title}`} onClick={() => setOpen("consent")}>
            {t.box.authorise}
          </Button>
        )}
        {newest && (
          <Button kind="bare" aria-label={t.authorisations.revokeOf(offer.title)} onClick={() => setOpen("revoke")}>
            {t.authorisations.revoke}
          </Button>
        )}
      </div>
      {open === "consent" && (
        <Consent
          name={offer.name}
          title={offer.title}
          version={offer.version}
          account={{ id: account, name: accountName(session.accounts, account) }}
          onAgreed={reload}
          onClose={close}
        />
      )}
      {open === "revoke" && newest && (
        <Revoke title={offer.title} version={offer.version.number} authorisation={newest} reload={reload} onClose={close} />
      )}
    </li>
  );
}
