import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Session } from "../api/types";
import { dateTime, isLocale, locales, t } from "../text";
import { Button } from "../parts/basic";
import { Choice, Fault, Field, Form, useSubmission } from "../parts/form";
import { say } from "../parts/notices";
import { Page, Section } from "../parts/page";
import { scopeWords } from "../parts/scope_words";
import { beginSession, chooseLocale } from "../parts/session";

export function Profile({ session }: { session: Session }) {
  return (
    <Page title={t.profile.title} lead={session.user.email}>
      <div class="columns">
        <PersonForm session={session} />
        <PasswordForm session={session} />
      </div>
      <Rights session={session} />
    </Page>
  );
}

function PersonForm({ session }: { session: Session }) {
  const [name, setName] = useState(session.user.name);
  const [language, setLanguage] = useState(session.user.locale);
  const submission = useSubmission();
  const save = async (): Promise<void> => {
    const changed = await api.changeProfile({ name: name.trim(), locale: language });
    if (isLocale(language)) chooseLocale(language);
    beginSession(changed);
    say(t.saved);
  };
  return (
    <Section title={t.profile.person}>
      <Form submission={submission} onSubmit={save}>
        <Field label={t.profile.name} autocomplete="name" value={name} onValue={setName} fault={submission.fields["name"]} />
        <Choice
          label={t.profile.language}
          value={language}
          onValue={setLanguage}
          options={locales.map((one) => ({ value: one, label: t.languages[one] }))}
          fault={submission.fields["locale"]}
        />
        <Fault refusal={submission.refusal} shown={["name", "locale"]} />
        <div>
          <Button type="submit" kind="primary" busy={submission.busy}>
            {t.save}
          </Button>
        </div>
      </Form>
    </Section>
  );
}

function PasswordForm({ session }: { session: Session }) {
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const submission = useSubmission();
  const change = async (): Promise<void> => {
    beginSession(await api.changeProfile({ password: { current, new: wanted } }));
    setCurrent("");
    setWanted("");
    say(t.profile.changed);
  };
  return (
    <Section title={t.profile.password}>
      <Form submission={submission} onSubmit={change}>
        <input type="text" autocomplete="username" value={session.user.email} readOnly hidden />
        <Field
          label={t.profile.current}
          type="password"
          autocomplete="current-password"
          value={current}
          onValue={setCurrent}
          fault={submission.fields["password.current"] ?? submission.fields["current"]}
        />
        <Field
          label={t.profile.wanted}
          type="password"
          autocomplete="new-password"
          value={wanted}
          onValue={setWanted}
          fault={submission.fields["password.new"] ?? submission.fields["password"]}
        />
        <Fault refusal={submission.refusal} shown={["password", "current", "password.current", "password.new"]} />
        <div>
          <Button type="submit" busy={submission.busy}>
            {t.profile.change}
          </Button>
        </div>
      </Form>
    </Section>
  );
}

function Rights({ session }: { session: Session }) {
  const roles = session.user.roles.map((role) => t.profile.roleNames[role]);
  return (
    <Section title={t.profile.accounts} lead={[...roles, ...(session.accounts.length > 0 ? [t.profile.member] : [])].join(" · ")}>
      <dl class="rights">
        {session.accounts.map((one) => (
          <div key={one.id}>
            <dt>
              {one.name || one.id} <code class="quiet">{one.id}</code>
            </dt>
            <dd>{one.everything ? t.profile.everything : one.scopes.map(scopeWords).join(" · ")}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{t.profile.sessionEnds(dateTime(session.expires))}</p>
    </Section>
  );
}
