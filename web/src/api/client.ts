// The one place that speaks HTTP: session, CSRF token, errors.
import type { Session } from "./types";

const base = "/developers/api";

/** What the server refused, or that it could not be reached (status 0). `fields` are flat: `order.mid`; files go by their own names. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly fields: Record<string, string[]> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** Anything thrown. An answer that breaks off, or is not what the API gives, is none. */
export function refusalFrom(fault: unknown): Refusal {
  return fault instanceof Refusal ? fault : new Refusal(0, "Unreachable", "");
}

/** Whether the same may work in a while: the server was not reached, had no time or was at fault itself. */
export function mayPass({ status }: Refusal): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

let csrf = "";
let user = "";
let onSignedOut: () => void = () => {};

export function rememberSession(session: Session | null): void {
  csrf = session?.csrf ?? "";
  user = session?.user.id ?? "";
}

/** Called where an answer says that nobody is signed in any more. */
export function whenSignedOut(call: () => void): void {
  onSignedOut = call;
}

type Members = { [name: string]: unknown };

function flatten(fields: unknown, prefix: string, into: Record<string, string[]>): Record<string, string[]> {
  for (const [name, value] of Object.entries((fields ?? {}) as Members)) {
    const path = prefix && prefix !== "files" ? `${prefix}.${name}` : name;
    if (Array.isArray(value)) into[path] = value.map(String);
    else if (value !== null && typeof value === "object") flatten(value, path, into);
    else into[path] = [String(value)];
  }
  return into;
}

function refusalOf(status: number, text: string, retryAfter: string | null): Refusal {
  const seconds = retryAfter === null ? null : Number(retryAfter);
  try {
    const error = (JSON.parse(text) as { error: { type: string; message: string; fields?: unknown } }).error;
    return new Refusal(status, error.type, error.message, flatten(error.fields, "", {}), seconds);
  } catch {
    return new Refusal(status, "UnreadableAnswer", `HTTP ${status}`, {}, seconds);
  }
}

function refuse(refusal: Refusal, path: string): never {
  if (refusal.status === 401 && path !== "/session") onSignedOut();
  throw refusal;
}

/** Whether the same user has signed in once more, in another tab: then that session is ours too from now on. */
async function hasAnotherSession(): Promise<boolean> {
  const response = await sent("GET", "/session").catch(() => null);
  if (!response?.ok) return false;
  const session = (await response.json()) as Session;
  if (session.user.id !== user || session.csrf === csrf) return false;
  rememberSession(session);
  return true;
}

async function fetched(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await sent(method, path, body);
  if (response.ok) return response;
  if (response.status === 403 && method !== "GET" && path !== "/session" && (await hasAnotherSession())) {
    return fetched(method, path, body);
  }
  refuse(refusalOf(response.status, await response.text(), response.headers.get("Retry-After")), path);
}

async function sent(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = new Headers({ Accept: "application/json" });
  if (method !== "GET") headers.set("X-CSRF-Token", csrf);
  const init: RequestInit = { method, headers, credentials: "same-origin", redirect: "error", cache: "no-store" };
  if (body instanceof Blob) {
    headers.set("Content-Type", body.type);
    init.body = body;
  } else if (body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(body);
  }
  try {
    return await fetch(base + path, init);
  } catch {
    throw new Refusal(0, "Unreachable", "");
  }
}

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetched(method, path, body);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export async function askBytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetched("GET", path)).arrayBuffer());
}

/** POST with progress from 0 to 1, which fetch cannot tell. */
export function upload<T>(path: string, body: Blob, progress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", base + path);
    request.setRequestHeader("Content-Type", body.type);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Refusal(0, "Unreachable", ""));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve(JSON.parse(request.responseText) as T);
      const refusal = refusalOf(request.status, request.responseText, request.getResponseHeader("Retry-After"));
      if (refusal.status === 401) onSignedOut();
      reject(refusal);
    };
    request.send(body);
  });
}
