import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf, readRoute, type Route } from "./route";

const account = "a".repeat(32);
const all: Route[] = [
  { page: "start" },
  { page: "extensions" },
  { page: "extension", name: "orders-by-week", version: null },
  { page: "extension", name: "orders-by-week", version: 3 },
  { page: "run", name: "orders-by-week", version: 2, account },
  { page: "marketplace" },
  { page: "review" },
  { page: "reviewing", name: "orders-by-week", version: 2 },
  { page: "authorisations" },
  { page: "keys", account },
  { page: "usage", account },
  { page: "requests", account },
  { page: "profile" },
];

test("every route is found again at its path", () => {
  for (const route of all) assert.deepEqual(readRoute(pathOf(route)), route);
});

test("what is no page is missing, not another page", () => {
  for (const path of [
    "/",
    "/developersextensions",
    "/developers/nothing",
    "/developers/extensions/a/b",
    "/developers/extensions/a/versions/0/run",
    "/developers/extensions/a/versions/1x/run",
    "/developers/accounts/1/money",
    "/developers/review/a/-1",
    "/developers/extensions/%E0%A4%A",
  ])
    assert.deepEqual(readRoute(path), { page: "missing" }, path);
});

test("slashes too many, queries and fragments are no other page", () => {
  assert.deepEqual(readRoute("/developers//extensions/"), { page: "extensions" });
  assert.deepEqual(readRoute("/developers/extensions/a?version=2#x"), { page: "extension", name: "a", version: 2 });
  assert.deepEqual(readRoute("/developers/extensions/a?version=two"), { page: "extension", name: "a", version: null });
  assert.deepEqual(readRoute("/developers/extensions/a%2Fb"), { page: "extension", name: "a/b", version: null });
});
