// Going from page to page without loading them anew.
import type { ComponentChildren, JSX } from "preact";
import { pathOf, readRoute, type Route } from "../route";
import { Store } from "./store";

const here = (): string => location.pathname + location.search;

export const route = new Store<Route>(readRoute(here()));
/** How often the page changed: with the second, focus goes to the new page's heading. */
export let visits = 0;

function arrive(): void {
  visits += 1;
  route.set(readRoute(here()));
}

addEventListener("popstate", arrive);

export function go(wanted: Route, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", pathOf(wanted));
  else history.replaceState(null, "", pathOf(wanted));
  arrive();
  if (how === "push") scrollTo(0, 0);
}

type LinkProps = { to: Route; children: ComponentChildren } & Omit<JSX.IntrinsicElements["a"], "href" | "onClick">;

export function Link({ to, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a {...rest} href={pathOf(to)} onClick={follow}>
      {children}
    </a>
  );
}
