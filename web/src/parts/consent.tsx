// What someone agrees to, before an extension acts for an account of theirs.
import * as api from "../api/calls";
import type { Version } from "../api/types";
import { t } from "../text";
import { Button } from "./basic";
import { Dialog } from "./dialog";
import { Fault, Form, useSubmission } from "./form";
import { say } from "./notices";
import { ScopeList, useScopes } from "./scope_words";

interface ConsentProps {
  name: string;
  title: string;
  version: Version;
  account: { id: string; name: string };
  onAgreed: () => Promise<void> | void;
  onClose: () => void;
}

export function Consent({ name, title, version, account, onAgreed, onClose }: ConsentProps) {
  const scopes = useScopes();
  const submission = useSubmission();
  const agree = async (): Promise<void> => {
    await api.authorise(name, version.number, account.id);
    say(t.consent.agreed(title));
    onClose();
    await onAgreed();
  };
  return (
    <Dialog title={t.consent.title(title)} onClose={onClose}>
      <Form submission={submission} onSubmit={agree}>
        {version.scopes.length > 0 ? (
          <>
            <p>{t.consent.lead(account.name)}</p>
            <ScopeList names={version.scopes} scopes={scopes} />
          </>
        ) : (
          <p>{t.consent.nothing}</p>
        )}
        {version.hosts.length > 0 && (
          <>
            <p>{t.consent.hosts}</p>
            <ul class="host-list">
              {version.hosts.map((host) => (
                <li key={host}>
                  <code>{host}</code>
                </li>
              ))}
            </ul>
          </>
        )}
        <p class="quiet">{t.consent.limits}</p>
        <Fault refusal={submission.refusal} />
        <div class="dialog-actions">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" kind="primary" busy={submission.busy}>
            {t.consent.agree}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
