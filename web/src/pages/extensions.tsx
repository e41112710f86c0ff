import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Extension, Session } from "../api/types";
import { t } from "../text";
import { Button, Empty, Picture, TableFrame, Time } from "../parts/basic";
import { Dialog } from "../parts/dialog";
import { Area, Fault, Field, Form, useSubmission } from "../parts/form";
import { Loaded, useLoad } from "../parts/load";
import { go, Link } from "../parts/navigation";
import { say } from "../parts/notices";
import { Page } from "../parts/page";
import { hasRole } from "../parts/session";

export function Extensions({ session }: { session: Session }) {
  const extensions = useLoad(api.extensions, []);
  const [creating, setCreating] = useState(false);
  const create = hasRole(session, "developer") && (
    <Button kind="primary" onClick={() => setCreating(true)}>
      {t.extensions.create}
    </Button>
  );
  return (
    <Page title={t.extensions.title} lead={t.extensions.lead} actions={create}>
      <Loaded of={extensions}>
        {(all) => (all.length === 0 ? <None /> : <List all={all} operator={hasRole(session, "operator")} />)}
      </Loaded>
      {creating && <Create host={session.extension_host} onClose={() => setCreating(false)} />}
    </Page>
  );
}

function None() {
  return (
    <Empty title={t.extensions.noneTitle}>
      <p>{t.extensions.none}</p>
      <ol>
        {t.extensions.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </Empty>
  );
}

function List({ all, operator }: { all: Extension[]; operator: boolean }) {
  return (
    <TableFrame label={t.extensions.title}>
      <table class="table stacks">
        <thead>
          <tr>
            <th scope="col">{t.extensions.name}</th>
            <th scope="col">{t.extensions.versions}</th>
            {operator && <th scope="col">{t.extensions.owner}</th>}
            <th scope="col">{t.extensions.created}</th>
          </tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <span class="with-picture">
                  <Picture image={one.image} title={one.title} size="small" />
                  <span>
                    <Link to={{ page: "extension", name: one.name, version: null }}>{one.title}</Link>
                    <code class="block quiet">{one.name}</code>
                  </span>
                </span>
              </th>
              <td data-label={t.extensions.versions}>
                <Standing extension={one} />
              </td>
              {operator && <td data-label={t.extensions.owner}>{one.owner.name}</td>}
              <td data-label={t.extensions.created}>
                <Time at={one.created} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Standing({ extension }: { extension: Extension }) {
  const shown = (["production", "revision", "development"] as const).filter((status) => extension.status[status] !== null);
  if (shown.length === 0) return <span class="quiet">{t.extensions.noVersion}</span>;
  return (
    <span class="badges">
      {shown.map((status) => (
        <span key={status} class={`badge ${status}`}>
          {extension.status[status]} · {t.status[status]}
        </span>
      ))}
    </span>
  );
}

function Create({ host, onClose }: { host: string; onClose: () => void }) {
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const submission = useSubmission();
  const create = async (): Promise<void> => {
    const made = await api.createExtension({ name: name.trim(), title: title.trim(), description: description.trim() });
    say(t.extensions.made(made.title));
    onClose();
    go({ page: "extension", name: made.name, version: null });
  };
  return (
    <Dialog title={t.extensions.createTitle} onClose={onClose}>
      <p class="quiet">{t.extensions.createLead}</p>
      <Form submission={submission} onSubmit={create}>
        <Field
          label={t.extensions.titleLabel}
          hint={t.extensions.titleHint}
          value={title}
          onValue={setTitle}
          fault={submission.fields["title"]}
        />
        <Field
          label={t.extensions.name}
          hint={t.extensions.nameHint(host)}
          value={name}
          onValue={setName}
          fault={submission.fields["name"]}
          autocapitalize="none"
          spellcheck={false}
        />
        <Area
          label={t.extensions.description}
          hint={t.extensions.descriptionHint}
          rows={3}
          value={description}
          onValue={setDescription}
          fault={submission.fields["description"]}
        />
        <Fault refusal={submission.refusal} shown={["name", "title", "description"]} />
        <div class="dialog-actions">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" kind="primary" busy={submission.busy}>
            {t.extensions.submit}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
