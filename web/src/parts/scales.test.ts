import assert from "node:assert/strict";
import { test } from "node:test";
import { countTicksTo, nearest, pathThrough, pointsAlone, scale, ticksTo, timeTicks } from "./scales";

test("ticks are round, begin at 0 and reach the most", () => {
  assert.deepEqual(ticksTo(61), [0, 20, 40, 60, 80]);
  assert.deepEqual(ticksTo(0.07), [0, 0.02, 0.04, 0.06, 0.08]);
  assert.deepEqual(ticksTo(0), [0, 1]);
  for (const most of [0.3, 1, 7, 99, 1234, 98765]) {
    const ticks = ticksTo(most);
    assert.ok(ticks[ticks.length - 1]! >= most && ticks.length <= 6, `${most}: ${ticks}`);
  }
});

test("counts have whole ticks", () => {
  for (let most = 0; most < 50; most += 1) {
    const ticks = countTicksTo(most);
    assert.ok(ticks.every(Number.isInteger) && ticks[ticks.length - 1]! >= most, `${most}: ${ticks}`);
  }
});

test("a scale turns values into places, also where there is one value alone", () => {
  const y = scale([0, 10], [100, 0]);
  assert.equal(y(0), 100);
  assert.equal(y(2.5), 75);
  assert.equal(scale([5, 5], [3, 9])(5), 3);
});

test("a path breaks at gaps", () => {
  assert.equal(pathThrough([[0, 1], [2, 3], null, [4, 5], null, [6, 7], [8, 9]]), "M0 1L2 3M6 7L8 9");
  assert.equal(pathThrough([]), "");
});

test("points alone are those that no path goes through", () => {
  assert.deepEqual(pointsAlone([[0, 1], [2, 3], null, [4, 5], null, [6, 7], [8, 9], null, [10, 11]]), [[4, 5], [10, 11]]);
  assert.deepEqual(pointsAlone([[0, 1]]), [[0, 1]]);
  assert.deepEqual(pointsAlone([null]), []);
});

test("moments are on whole hours and days of the zone", () => {
  const at = Date.UTC(2026, 0, 1, 10, 20);
  const hour = 3_600_000;
  assert.deepEqual(timeTicks(at, at + 3 * hour, 3, 0).map((tick) => new Date(tick).toISOString().slice(11, 16)), ["11:00", "12:00", "13:00"]);
  assert.deepEqual(timeTicks(at, at + 48 * hour, 4, hour).map((tick) => new Date(tick).toISOString().slice(11, 16)), ["11:00", "23:00", "11:00", "23:00"]);
});

test("the nearest point", () => {
  assert.equal(nearest([0, 10, 20], 14), 1);
  assert.equal(nearest([0, 10, 20], 99), 2);
});
