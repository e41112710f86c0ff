// Portico's developer space: who is here, and which page they see.
import { render } from "preact";
import { useEffect } from "preact/hooks";
import type { Session } from "./api/types";
import { Authorisations } from "./pages/authorisations";
import { ExtensionPage } from "./pages/extension";
import { Extensions } from "./pages/extensions";
import { Keys } from "./pages/keys";
import { Marketplace } from "./pages/marketplace";
import { Missing } from "./pages/missing";
import { Profile } from "./pages/profile";
import { Requests } from "./pages/requests";
import { Review } from "./pages/review";
import { Reviewing } from "./pages/reviewing";
import { RunPage } from "./pages/run";
import { SignIn } from "./pages/sign_in";
import { Usage } from "./pages/usage";
import { Button } from "./parts/basic";
import { Fault } from "./parts/form";
import { go, route } from "./parts/navigation";
import { Notices } from "./parts/notices";
import { findSession, hasRole, locale, presence } from "./parts/session";
import { Shell } from "./parts/shell";
import { useStore } from "./parts/store";
import { pathOf, type Route } from "./route";
import "./style/tokens.css";
import "./style/base.css";
import "./style/layout.css";
import "./style/parts.css";
import { t } from "./text";

function Start({ session }: { session: Session }) {
  const builds = hasRole(session, "developer") || hasRole(session, "operator");
  useEffect(() => go({ page: builds ? "extensions" : "marketplace" }, "replace"), []);
  return null;
}

/** Whether there is nothing for who is signed in at that address. */
function isClosed(shown: Route, session: Session): boolean {
  if (shown.page === "review" || shown.page === "reviewing") return !hasRole(session, "operator");
  if (shown.page === "keys" || shown.page === "usage" || shown.page === "requests") {
    return !session.accounts.some((one) => one.id === shown.account);
  }
  return false;
}

function pageFor(shown: Route, session: Session) {
  if (isClosed(shown, session)) return <Missing />;
  switch (shown.page) {
    case "start":
      return <Start session={session} />;
    case "extensions":
      return <Extensions session={session} />;
    case "extension":
      return <ExtensionPage session={session} name={shown.name} version={shown.version} />;
    case "run":
      return <RunPage session={session} name={shown.name} version={shown.version} account={shown.account} />;
    case "marketplace":
      return <Marketplace session={session} />;
    case "review":
      return <Review />;
    case "reviewing":
      return <Reviewing session={session} name={shown.name} version={shown.version} />;
    case "authorisations":
      return <Authorisations session={session} />;
    case "keys":
      return <Keys session={session} account={shown.account} />;
    case "usage":
      return <Usage session={session} account={shown.account} />;
    case "requests":
      return <Requests session={session} account={shown.account} />;
    case "profile":
      return <Profile session={session} />;
    case "missing":
      return <Missing />;
  }
}

/** A page is another one where its path is; the versions of an extension are one page. */
const pageKey = (shown: Route): string => pathOf(shown.page === "extension" ? { ...shown, version: null } : shown);

function Space() {
  const who = useStore(presence);
  const shown = useStore(route);
  useStore(locale);
  useEffect(() => void findSession(), []);
  switch (who.state) {
    case "unknown":
      return null;
    case "failed":
      return (
        <main class="sign-in">
          <div class="sign-in-box stack">
            <Fault refusal={who.refusal} />
            <Button onClick={() => void findSession()}>{t.retry}</Button>
          </div>
        </main>
      );
    case "out":
      return <SignIn ended={who.ended} />;
    case "in":
      return (
        <Shell session={who.session}>
          <div key={pageKey(shown)}>{pageFor(shown, who.session)}</div>
        </Shell>
      );
  }
}

render(
  <>
    <Space />
    <Notices />
  </>,
  document.getElementById("space")!,
);
