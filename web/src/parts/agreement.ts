// What someone agreed to, and what a version asks for beyond that. Pure.
import type { Authorisation, Version } from "../api/types";

export interface Agreement {
  /** What the version may run under without asking again. */
  covering: Authorisation | null;
  /** The newest of those that concern the version: once it is revoked, none of them lets it run. */
  newest: Authorisation | null;
  /** What it asks for beyond the newest. */
  missing: { scopes: string[]; hosts: string[] };
  /** The newest of those that concern only other versions. */
  elsewhere: Authorisation | null;
}

const beyond = (wanted: string[], agreed: string[]): string[] => wanted.filter((one) => !agreed.includes(one));

/** For one account. Its own authorisation concerns a version; in production earlier versions' do, too. */
export function agreementOn(version: Pick<Version, "number" | "status" | "scopes" | "hosts">, all: Authorisation[], account: string): Agreement {
  const carriesOver = (one: Authorisation): boolean => version.status === "production" && one.version < version.number;
  const own = all.filter((one) => one.account === account).sort((one, other) => other.version - one.version);
  const concerning = own.filter((one) => one.version === version.number || carriesOver(one));
  const newest = concerning[0] ?? null;
  return {
    covering: concerning.find((one) => one.covers) ?? null,
    newest,
    missing: { scopes: beyond(version.scopes, newest?.scopes ?? []), hosts: beyond(version.hosts, newest?.hosts ?? []) },
    elsewhere: own.find((one) => !concerning.includes(one)) ?? null,
  };
}
