// Where a version stands for an account of one's own: authorised, not yet, or no longer for all that it asks for.
import * as api from "../api/calls";
import type { Authorisation } from "../api/types";
import { t } from "../text";
import type { Agreement } from "./agreement";
import { Time } from "./basic";
import { Confirm } from "./dialog";
import { say } from "./notices";
import { scopeWords } from "./scope_words";

function refusedBecause({ newest, missing, elsewhere }: Agreement): string {
  if (newest) return t.box.asksForMore([...missing.scopes.map(scopeWords), ...missing.hosts].join(" · "));
  return elsewhere ? t.box.otherAuthorised(elsewhere.version) : t.box.notAuthorised;
}

export function Standing({ agreement }: { agreement: Agreement }) {
  const { covering } = agreement;
  if (!covering) return <p class="quiet">{refusedBecause(agreement)}</p>;
  return (
    <p class="good">
      ✓ {t.box.authorised("")}
      <Time at={covering.created} />
    </p>
  );
}

interface RevokeProps {
  title: string;
  version: number;
  authorisation: Authorisation;
  reload: () => Promise<void>;
  onClose: () => void;
}

/** Asks, and revokes. `version` is the one that the user looks at; what was agreed to may be for an earlier one. */
export function Revoke({ title, version, authorisation, reload, onClose }: RevokeProps) {
  const revoke = async (): Promise<void> => {
    await api.revoke(authorisation.id);
    say(t.box.revoked);
    onClose();
    await reload();
  };
  return (
    <Confirm
      title={t.authorisations.revokeTitle(title, version)}
      lead={t.authorisations.revokeLead}
      action={t.authorisations.revoke}
      danger
      onConfirm={revoke}
      onClose={onClose}
    />
  );
}
