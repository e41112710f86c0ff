// Scopes in words that say what they allow.
import { useEffect, useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Scope } from "../api/types";
import { t } from "../text";

let asked: Promise<Scope[]> | null = null;

/** All scopes there are, asked for once. Empty until they are here. */
export function useScopes(): Scope[] {
  const [scopes, setScopes] = useState<Scope[]>([]);
  useEffect(() => {
    asked ??= api.scopes();
    asked.then(setScopes, () => (asked = null));
  }, []);
  return scopes;
}

const spaced = (name: string): string => name.replace(/[_-]/g, " ");

export function scopeWords(name: string): string {
  const [resource = name, access = ""] = name.split(":");
  return access === "write" ? t.scope.change(spaced(resource)) : t.scope.see(spaced(resource));
}

export function scopeDetail(name: string, scopes: Scope[]): string {
  const scope = scopes.find((one) => one.name === name);
  if (!scope) return scopes.length > 0 ? t.scope.unknown : "";
  const operations = scope.operations.map((operation) => t.scope.operations[operation] ?? spaced(operation));
  const actions = scope.actions.map(spaced);
  const onlyState = scope.access === "read" && actions.length > 0; // reading does none of them
  return [...operations, ...(onlyState ? [`${t.scope.operations["state"]} (${actions.join(", ")})`] : actions)].join(", ");
}

export function ScopeList({ names, scopes }: { names: string[]; scopes: Scope[] }) {
  return (
    <ul class="scope-list">
      {names.map((name) => (
        <li key={name}>
          <span>{scopeWords(name)}</span> <code>{name}</code>
          <span class="quiet block">{scopeDetail(name, scopes)}</span>
        </li>
      ))}
    </ul>
  );
}
