// What the developer space's API answers, as the server writes it. Instants are ISO 8601.

export type Role = "operator" | "developer";
export type Status = "development" | "revision" | "production" | "denied" | "down";
export type Transition = "submit" | "publish" | "return" | "deny" | "down";

export interface Person {
  id: string;
  name: string;
}

export interface Account {
  id: string;
  name: string;
  everything: boolean;
  scopes: string[];
}

export interface Session {
  user: Person & { email: string; roles: Role[]; locale: string };
  csrf: string;
  accounts: Account[];
  extension_host: string;
  api: string;
  expires: string;
}

export interface Scope {
  name: string;
  resource: string;
  access: "read" | "write";
  description: string | null;
  operations: string[];
  actions: string[];
}

export interface Authorisation {
  id: string;
  account: string;
  extension: string;
  version: number;
  scopes: string[];
  hosts: string[];
  created: string;
  covers: boolean;
}

export interface Commit {
  number: number;
  label: string;
  message: string;
  author: Person;
  created: string;
  files: number;
  bytes: number;
}

export interface Version {
  number: number;
  label: string;
  status: Status;
  running: number;
  scopes: string[];
  hosts: string[];
  words: string;
  created: string;
  changed: string;
  commits: Commit[];
  authorisations: Authorisation[];
  transitions: Transition[];
}

export interface Extension {
  id: string;
  name: string;
  title: string;
  description: string;
  image: string | null;
  owner: Person;
  created: string;
  status: { development: number | null; revision: number | null; production: number | null };
}

export type ExtensionWithVersions = Extension & { versions: Version[] };
export type Offer = Extension & { version: Version; authorisations: Authorisation[] };

export interface FileEntry {
  path: string;
  type: string;
  hash: string;
  bytes: number;
}

export interface HistoryEntry {
  at: string;
  actor: Person;
  action: string;
  version: number | null;
  from: string;
  to: string;
  reason: string;
}

export interface ReviewItem {
  extension: Extension;
  version: Version;
  production: Version | null;
}

export interface TestToken {
  token: string;
  expires: string;
  curl: string | null;
}

export interface Run {
  run: string;
  url: string;
  origin: string;
}

export interface RunToken {
  token: string;
  expires: string;
}

export type KeyKind = "private" | "public";
export type KeyMode = "production" | "sandbox" | "both";

export interface Key {
  id: string;
  kind: string;
  mode: string;
  label: string;
  created: string;
  expires: string | null;
  revoked: string | null;
}

export type NewKey = Key & { token: string };

export interface UsagePoint {
  at: string;
  requests: number;
  errors: number;
  p50_microseconds: number | null;
  p95_microseconds: number | null;
  p99_microseconds: number | null;
}

export interface Usage {
  results: UsagePoint[];
  step: number;
}

export interface LoggedRequest {
  at: string;
  request_id: string;
  method: string;
  path: string;
  status: number;
  type: string | null;
  message: string | null;
  microseconds: number;
  key: string | null;
  kind: string | null;
  extension: string | null;
}

export interface RequestPage {
  results: LoggedRequest[];
  page: number;
  pages: number;
  count: number;
}
