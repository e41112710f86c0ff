// One function for each call of the developer space's API.
import { ask, askBytes, upload } from "./client";
import type {
  Authorisation,
  Commit,
  Extension,
  ExtensionWithVersions,
  FileEntry,
  HistoryEntry,
  Key,
  NewKey,
  Offer,
  RequestPage,
  ReviewItem,
  Run,
  RunToken,
  Scope,
  Session,
  TestToken,
  Transition,
  Usage,
  Version,
} from "./types";

type Listed<T> = { results: T[] };
const list = async <T>(path: string): Promise<T[]> => (await ask<Listed<T>>("GET", path)).results;
const part = encodeURIComponent;
const filePath = (path: string): string => path.split("/").map(part).join("/");
const extensionPath = (name: string): string => `/extensions/${part(name)}`;
const versionPath = (name: string, version: number): string => `${extensionPath(name)}/versions/${version}`;

export const session = () => ask<Session>("GET", "/session");
export const signIn = (email: string, password: string) => ask<Session>("POST", "/session", { email, password });
export const signOut = () => ask<void>("DELETE", "/session");

export interface ProfileChange {
  name?: string;
  locale?: string;
  password?: { current: string; new: string };
}
export const changeProfile = (change: ProfileChange) => ask<Session>("PATCH", "/me", change);

export const scopes = () => list<Scope>("/scopes");

export const extensions = () => list<Extension>("/extensions");
export const createExtension = (wanted: { name: string; title: string; description: string }) =>
  ask<Extension>("POST", "/extensions", wanted);
export const extension = (name: string) => ask<ExtensionWithVersions>("GET", extensionPath(name));
export const describeExtension = (name: string, change: { title?: string; description?: string }) =>
  ask<Extension>("PATCH", extensionPath(name), change);
export const putImage = (name: string, image: Blob) => ask<void>("PUT", `${extensionPath(name)}/image`, image);
export const deleteImage = (name: string) => ask<void>("DELETE", `${extensionPath(name)}/image`);
export const history = (name: string) => list<HistoryEntry>(`${extensionPath(name)}/history`);

export const beginVersion = (name: string) => ask<Version>("POST", `${extensionPath(name)}/versions`, {});
export const version = (name: string, number: number) => ask<Version>("GET", versionPath(name, number));
export const changeVersion = (
  name: string,
  number: number,
  change: { running?: number; scopes?: string[]; hosts?: string[] },
) => ask<Version>("PATCH", versionPath(name, number), change);
export const move = (name: string, number: number, transition: Transition, reason: string) =>
  ask<Version>("POST", `${versionPath(name, number)}/transitions`, reason ? { transition, reason } : { transition });

export const pushCommit = (
  name: string,
  number: number,
  archive: Blob,
  message: string,
  progress: (share: number) => void,
) => {
  const query = message ? `?message=${part(message)}` : "";
  return upload<Commit>(`${versionPath(name, number)}/commits${query}`, archive, progress);
};
export const files = (name: string, number: number, commit: number) =>
  list<FileEntry>(`${versionPath(name, number)}/commits/${commit}/files`);
export const fileBytes = (name: string, number: number, commit: number, path: string) =>
  askBytes(`${versionPath(name, number)}/commits/${commit}/files/${filePath(path)}`);

export const authorisations = () => list<Authorisation>("/authorisations");
export const authorise = (name: string, number: number, account: string) =>
  ask<Authorisation>("POST", `${versionPath(name, number)}/authorisations`, { account });
export const revoke = (authorisation: string) => ask<void>("DELETE", `/authorisations/${part(authorisation)}`);
export const testToken = (name: string, number: number, account: string) =>
  ask<TestToken>("POST", `${versionPath(name, number)}/test-token`, { account });
export const run = (name: string, number: number, account: string) =>
  ask<Run>("POST", `${versionPath(name, number)}/runs`, { account });
export const renew = (runId: string) => ask<RunToken>("POST", `/runs/${part(runId)}/token`, {});

export const marketplace = () => list<Offer>("/marketplace");
export const reviewQueue = () => list<ReviewItem>("/review");

export const keys = (account: string) => list<Key>(`/accounts/${part(account)}/keys`);
export interface WantedKey {
  kind: string;
  mode: string;
  label: string;
  expires?: string;
}
export const createKey = (account: string, wanted: WantedKey) =>
  ask<NewKey>("POST", `/accounts/${part(account)}/keys`, wanted);
export const rotateKey = (account: string, key: string) =>
  ask<NewKey>("POST", `/accounts/${part(account)}/keys/${part(key)}/rotate`, {});
export const revokeKey = (account: string, key: string) =>
  ask<void>("DELETE", `/accounts/${part(account)}/keys/${part(key)}`);

export const usage = (account: string, query: { since: string; until: string; step: number }) => {
  const asked = new URLSearchParams({ since: query.since, until: query.until, step: String(query.step) });
  return ask<Usage>("GET", `/accounts/${part(account)}/usage?${asked}`);
};
export const requests = (account: string, query: { status: string; page: number }) => {
  const asked = new URLSearchParams({ page: String(query.page) });
  if (query.status) asked.set("status", query.status);
  return ask<RequestPage>("GET", `/accounts/${part(account)}/requests?${asked}`);
};
