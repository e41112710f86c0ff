// What stands around every page of someone who is signed in.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Session } from "../api/types";
import type { Route } from "../route";
import { locales, t } from "../text";
import { Button } from "./basic";
import { useSubmission, wordsOf } from "./form";
import { go, Link, route } from "./navigation";
import { account, chooseAccount, chooseLocale, hasRole, locale, signOut } from "./session";
import { useStore } from "./store";
import { ThemeSwitch } from "./theme";

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M7 12 16 6l9 6v2H7zM9 16h3v8H9zm5.5 0h3v8h-3zm5.5 0h3v8h-3zM7 25h18v2H7z" />
    </svg>
  );
}

export function LanguageSwitch() {
  const current = useStore(locale);
  return (
    <select
      class="compact"
      aria-label={t.language}
      value={current}
      onChange={(event) => chooseLocale(event.currentTarget.value as typeof current)}
    >
      {locales.map((one) => (
        <option key={one} value={one} lang={one}>
          {t.languages[one]}
        </option>
      ))}
    </select>
  );
}

function belongsTo(shown: Route, entry: Route): boolean {
  if (entry.page === "extensions") return ["extensions", "extension"].includes(shown.page);
  if (entry.page === "review") return ["review", "reviewing"].includes(shown.page);
  if (entry.page === "marketplace") return ["marketplace", "run"].includes(shown.page);
  return shown.page === entry.page;
}

function Group({ title, entries }: { title: string; entries: [Route, string][] }) {
  const shown = useStore(route);
  if (entries.length === 0) return null;
  return (
    <div class="nav-group">
      <p class="nav-title">{title}</p>
      <ul>
        {entries.map(([to, label]) => (
          <li key={to.page}>
            <Link to={to} aria-current={belongsTo(shown, to) ? "page" : undefined}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function AccountGroup({ session }: { session: Session }) {
  const shown = useStore(route);
  const chosen = useStore(account);
  if (session.accounts.length === 0) return null;
  const change = (id: string): void => {
    chooseAccount(id);
    if ("account" in shown && shown.page !== "run") go({ ...shown, account: id });
  };
  return (
    <>
      <Group
        title={t.nav.account}
        entries={[
          [{ page: "keys", account: chosen }, t.nav.keys],
          [{ page: "usage", account: chosen }, t.nav.usage],
          [{ page: "requests", account: chosen }, t.nav.requests],
        ]}
      />
      {session.accounts.length > 1 && (
        <select
          class="compact nav-account"
          aria-label={t.nav.chooseAccount}
          value={chosen}
          onChange={(event) => change(event.currentTarget.value)}
        >
          {session.accounts.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name || one.id}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

function Person({ session }: { session: Session }) {
  const leaving = useSubmission();
  return (
    <div class="nav-person">
      <Link to={{ page: "profile" }} class="person" title={t.nav.profile}>
        <strong>{session.user.name}</strong>
        <span class="quiet">{session.user.email}</span>
      </Link>
      <div class="nav-switches">
        <ThemeSwitch />
        <Button kind="bare" busy={leaving.busy} onClick={() => void leaving.run(signOut)}>
          {t.nav.signOut}
        </Button>
      </div>
      {leaving.refusal && <p role="alert">{wordsOf(leaving.refusal)}</p>}
    </div>
  );
}

export function Shell({ session, children }: { session: Session; children: ComponentChildren }) {
  const shown = useStore(route);
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [shown]);
  const builds = hasRole(session, "developer") || hasRole(session, "operator");
  const build: [Route, string][] = builds ? [[{ page: "extensions" }, t.nav.extensions]] : [];
  const operate: [Route, string][] = hasRole(session, "operator") ? [[{ page: "review" }, t.nav.review]] : [];
  return (
    <div class="shell">
      <a class="skip" href="#content">
        {t.skip}
      </a>
      <header class={`side ${open ? "open" : ""}`}>
        <div class="brand">
          <Link to={{ page: "start" }} class="brand-link">
            <Mark />
            <span>
              Portico <span class="quiet">{t.product}</span>
            </span>
          </Link>
          <button
            type="button"
            class="button plain menu-button"
            aria-expanded={open}
            aria-controls="navigation"
            onClick={() => setOpen(!open)}
          >
            {t.menu}
          </button>
        </div>
        <nav id="navigation" aria-label={t.navigation} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
          <Group title={t.nav.build} entries={build} />
          <Group title={t.nav.operate} entries={operate} />
          <Group
            title={t.nav.use}
            entries={[
              [{ page: "marketplace" }, t.nav.marketplace],
              [{ page: "authorisations" }, t.nav.authorisations],
            ]}
          />
          <AccountGroup session={session} />
          <Person session={session} />
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
