import assert from "node:assert/strict";
import { test } from "node:test";
import { planArchive } from "./archive_plan";

test("the dropped folder's own name goes", () => {
  assert.deepEqual(planArchive(["dist/index.html", "dist/js/plot.js"]).paths, ["index.html", "js/plot.js"]);
});

test("several files and folders stay as they are", () => {
  assert.deepEqual(planArchive(["index.html", "js/plot.js"]).paths, ["index.html", "js/plot.js"]);
  assert.deepEqual(planArchive(["a/index.html", "b/x.js"]).paths, ["a/index.html", "b/x.js"]);
});

test("what never belongs there is left out, and said", () => {
  const plan = planArchive(["site/.git/config", "site/.git/HEAD", "site/index.html", "site/img/.DS_Store"]);
  assert.deepEqual(plan.paths, [null, null, "index.html", null]);
  assert.deepEqual(plan.leftOut, [".DS_Store", ".git"]);
});
