// Who is signed in, in which language, for which account.
import * as api from "../api/calls";
import { Refusal, rememberSession, whenSignedOut } from "../api/client";
import type { Account, Role, Session } from "../api/types";
import { currentLocale, isLocale, setLocale, type Locale } from "../text";
import { Store } from "./store";

export type Presence =
  | { state: "unknown" }
  | { state: "out"; ended: boolean }
  | { state: "in"; session: Session }
  | { state: "failed"; refusal: Refusal };

export const presence = new Store<Presence>({ state: "unknown" });
export const locale = new Store<Locale>(currentLocale());

const chosenAccount = "portico.account";
export const account = new Store<string>(localStorage.getItem(chosenAccount) ?? "");

export function chooseLocale(wanted: Locale): void {
  setLocale(wanted);
  locale.set(wanted);
}

export function chooseAccount(id: string): void {
  localStorage.setItem(chosenAccount, id);
  account.set(id);
}

export function beginSession(session: Session): void {
  rememberSession(session);
  const known = session.accounts.some((one) => one.id === account.value);
  if (!known) account.set(session.accounts[0]?.id ?? "");
  if (isLocale(session.user.locale) && session.user.locale !== currentLocale()) chooseLocale(session.user.locale);
  presence.set({ state: "in", session });
}

function end(ended: boolean): void {
  rememberSession(null);
  presence.set({ state: "out", ended });
}

whenSignedOut(() => end(true));

export async function findSession(): Promise<void> {
  try {
    beginSession(await api.session());
  } catch (fault) {
    if (fault instanceof Refusal && fault.status === 401) end(false);
    else presence.set({ state: "failed", refusal: fault as Refusal });
  }
}

export async function signOut(): Promise<void> {
  await api.signOut();
  end(false);
}

export function hasRole(session: Session, role: Role): boolean {
  return session.user.roles.includes(role);
}

export function accountName(accounts: Account[], id: string): string {
  return accounts.find((one) => one.id === id)?.name || id;
}
