import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, diffLines, hunksOf, linesOf, type DiffLine } from "./line_diff";

const rebuilt = (lines: DiffLine[], left: "added" | "removed"): string[] =>
  lines.filter((line) => line.kind !== left).map((line) => line.text);

/** Longest common subsequence by its definition, for small texts: what the shortest script must reach. */
function commonLength(before: string[], after: string[]): number {
  const table = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = 1; i <= before.length; i += 1)
    for (let j = 1; j <= after.length; j += 1)
      table[i]![j] =
        before[i - 1] === after[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
  return table[before.length]![after.length]!;
}

function random(seed: number): () => number {
  return () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
}

test("a thousand random pairs: both texts can be read back, in the fewest edits", () => {
  const next = random(7);
  for (let round = 0; round < 1000; round += 1) {
    const make = () => Array.from({ length: Math.floor(next() * 14) }, () => "abcd"[Math.floor(next() * 4)]!);
    const [before, after] = [make(), make()];
    const lines = diffLines(before, after);
    assert.deepEqual(rebuilt(lines, "added"), before);
    assert.deepEqual(rebuilt(lines, "removed"), after);
    assert.equal(lines.filter((line) => line.kind === "same").length, commonLength(before, after));
  }
});

test("lines carry their numbers on either side", () => {
  assert.deepEqual(diffLines(["a", "b", "c"], ["a", "x", "c"]), [
    { kind: "same", before: 1, after: 1, text: "a" },
    { kind: "removed", before: 2, after: null, text: "b" },
    { kind: "added", before: null, after: 2, text: "x" },
    { kind: "same", before: 3, after: 3, text: "c" },
  ]);
});

test("texts with nothing in common beyond the search's limit are replaced as a whole", () => {
  const before = Array.from({ length: 3000 }, (_, index) => `old ${index}`);
  const after = Array.from({ length: 3000 }, (_, index) => `new ${index}`);
  assert.deepEqual(countOf(diffLines(before, after)), { added: 3000, removed: 3000 });
});

test("hunks hold their surroundings once, and join where these touch", () => {
  const before = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  const after = [...before];
  after[5] = "x";
  after[10] = "y";
  after[30] = "z";
  const hunks = hunksOf(diffLines(before, after));
  assert.deepEqual(
    hunks.map((hunk) => [hunk.lines[0]!.before, hunk.lines[hunk.lines.length - 1]!.before]),
    [
      [3, 14],
      [28, 34],
    ],
  );
  assert.deepEqual(hunksOf(diffLines(before, before)), []);
});

test("a last line break makes no line of its own", () => {
  assert.deepEqual(linesOf("a\nb\n"), ["a", "b"]);
  assert.deepEqual(linesOf(""), []);
  assert.deepEqual(linesOf("\n"), [""]);
});
