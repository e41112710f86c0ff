import assert from "node:assert/strict";
import { test } from "node:test";
import type { Authorisation, Status } from "../api/types";
import { agreementOn } from "./agreement";

const given = (version: number, covers: boolean, more: Partial<Authorisation> = {}): Authorisation => ({
  id: `of ${version}`, account: "a", extension: "plot", version, scopes: ["orders:read"], hosts: [], created: "", covers, ...more,
});
const asking = (number: number, status: Status, scopes = ["orders:read"], hosts: string[] = []) => ({ number, status, scopes, hosts });
const ids = (version: ReturnType<typeof asking>, all: Authorisation[]) => {
  const { covering, newest, elsewhere } = agreementOn(version, all, "a");
  return [covering?.id, newest?.id, elsewhere?.id];
};

test("a version in development or review has what was agreed to for itself alone", () => {
  for (const status of ["development", "revision"] as const) {
    assert.deepEqual(ids(asking(2, status), [given(1, false)]), [undefined, undefined, "of 1"]);
    assert.deepEqual(ids(asking(2, status), [given(2, true), given(1, false)]), ["of 2", "of 2", "of 1"]);
  }
});

test("in production earlier ones count, and later ones do not", () => {
  assert.deepEqual(ids(asking(2, "production"), [given(3, false), given(1, true)]), ["of 1", "of 1", "of 3"]);
  assert.deepEqual(ids(asking(2, "production"), [given(1, true), given(2, false)]), ["of 1", "of 2", undefined]);
});

test("another account's do not count", () => {
  assert.deepEqual(ids(asking(1, "production"), [given(1, true, { account: "b" })]), [undefined, undefined, undefined]);
});

test("what is missing is told, scopes and hosts", () => {
  const { missing } = agreementOn(asking(1, "development", ["notes:read", "orders:read"], ["https://x.example.com"]), [given(1, false)], "a");
  assert.deepEqual(missing, { scopes: ["notes:read"], hosts: ["https://x.example.com"] });
});
