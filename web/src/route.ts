// Which page a path below /developers is, and back. Pure.

export type Route =
  | { page: "start" }
  | { page: "extensions" }
  | { page: "extension"; name: string; version: number | null }
  | { page: "run"; name: string; version: number; account: string }
  | { page: "marketplace" }
  | { page: "review" }
  | { page: "reviewing"; name: string; version: number }
  | { page: "authorisations" }
  | { page: "keys"; account: string }
  | { page: "usage"; account: string }
  | { page: "requests"; account: string }
  | { page: "profile" }
  | { page: "missing" };

export const base = "/developers";

const accountPages = ["keys", "usage", "requests"] as const;
const plainPages = ["extensions", "marketplace", "review", "authorisations", "profile"] as const;

function wholeNumber(text: string | null | undefined): number | null {
  return text && /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : null;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function routeOfParts(parts: string[], query: URLSearchParams): Route {
  const [first, second, third, fourth, fifth] = parts;
  if (first === undefined) return { page: "start" };
  const plain = plainPages.find((page) => page === first);
  if (plain && parts.length === 1) return { page: plain };
  if (first === "extensions" && second && parts.length === 2)
    return { page: "extension", name: second, version: wholeNumber(query.get("version")) };
  if (first === "extensions" && second && third === "versions" && fifth === "run" && parts.length === 5) {
    const version = wholeNumber(fourth);
    if (version) return { page: "run", name: second, version, account: query.get("account") ?? "" };
  }
  if (first === "review" && second && parts.length === 3) {
    const version = wholeNumber(third);
    if (version) return { page: "reviewing", name: second, version };
  }
  const ofAccount = accountPages.find((page) => page === third);
  if (first === "accounts" && second && ofAccount && parts.length === 3) return { page: ofAccount, account: second };
  return { page: "missing" };
}

/** `path` with or without a query: `/developers/extensions/orders?version=2`. */
export function readRoute(path: string): Route {
  const [place = "", query = ""] = path.split("#")[0]!.split(/\?(.*)/s);
  if (place !== base && !place.startsWith(`${base}/`)) return { page: "missing" };
  const parts = place.slice(base.length).split("/").filter(Boolean).map(decoded);
  if (parts.some((part) => part === null)) return { page: "missing" };
  return routeOfParts(parts as string[], new URLSearchParams(query));
}

export function pathOf(route: Route): string {
  const part = encodeURIComponent;
  switch (route.page) {
    case "start":
    case "missing":
      return `${base}/`;
    case "extensions":
    case "marketplace":
    case "review":
    case "authorisations":
    case "profile":
      return `${base}/${route.page}`;
    case "extension":
      return `${base}/extensions/${part(route.name)}${route.version ? `?version=${route.version}` : ""}`;
    case "run":
      return `${base}/extensions/${part(route.name)}/versions/${route.version}/run?account=${part(route.account)}`;
    case "reviewing":
      return `${base}/review/${part(route.name)}/${route.version}`;
    case "keys":
    case "usage":
    case "requests":
      return `${base}/accounts/${part(route.account)}/${route.page}`;
  }
}
