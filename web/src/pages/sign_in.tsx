import { useState } from "preact/hooks";
import * as api from "../api/calls";
import { t } from "../text";
import { Button } from "../parts/basic";
import { Fault, Field, Form, useSubmission } from "../parts/form";
import { Page } from "../parts/page";
import { beginSession } from "../parts/session";
import { LanguageSwitch, Mark } from "../parts/shell";
import { ThemeSwitch } from "../parts/theme";

export function SignIn({ ended }: { ended: boolean }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submission = useSubmission();
  const signIn = async (): Promise<void> => beginSession(await api.signIn(email.trim(), password));
  return (
    <main class="sign-in" id="content">
      <div class="sign-in-box">
        <p class="brand-line">
          <Mark /> Portico <span class="quiet">{t.product}</span>
        </p>
        <Page title={t.signIn.title} lead={t.signIn.lead}>
          {ended && (
            <p class="callout note" role="status">
              {t.signIn.ended}
            </p>
          )}
          <Form submission={submission} onSubmit={signIn}>
            <Field
              label={t.signIn.email}
              type="email"
              autocomplete="username"
              value={email}
              onValue={setEmail}
              fault={submission.fields["email"]}
            />
            <Field
              label={t.signIn.password}
              type="password"
              autocomplete="current-password"
              value={password}
              onValue={setPassword}
              fault={submission.fields["password"]}
            />
            <Fault refusal={submission.refusal} shown={["email", "password"]} />
            <Button type="submit" kind="primary" busy={submission.busy}>
              {t.signIn.submit}
            </Button>
          </Form>
          <p class="quiet small">
            {t.signIn.withoutAccount} <code>portico users create</code>.
          </p>
        </Page>
        <div class="sign-in-switches">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </div>
    </main>
  );
}
