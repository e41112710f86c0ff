// What of a text's lines became different: Myers' shortest edit script (An O(ND) Difference Algorithm, 1986). Pure.

export interface DiffLine {
  kind: "same" | "added" | "removed";
  before: number | null; // the line's number there, from 1
  after: number | null;
  text: string;
}

export interface Hunk {
  lines: DiffLine[];
}

/** Edits beyond which what lies between is shown as replaced as a whole: the search takes their square. */
const editsMax = 2000;

export function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

type Edit = "same" | "added" | "removed";

/** The furthest point reached on each diagonal, after each number of edits; nothing where there are too many. */
function searchTrace(before: string[], after: string[]): Int32Array[] | null {
  const most = Math.min(before.length + after.length, editsMax);
  const offset = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(reach.slice(offset - edits - 1, offset + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = diagonal === -edits || (diagonal !== edits && reach[offset + diagonal - 1]! < reach[offset + diagonal + 1]!);
      let x = down ? reach[offset + diagonal + 1]! : reach[offset + diagonal - 1]! + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      reach[offset + diagonal] = x;
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
  }
  return null;
}

function editsBetween(before: string[], after: string[]): Edit[] {
  if (before.length === 0) return after.map(() => "added");
  if (after.length === 0) return before.map(() => "removed");
  const trace = searchTrace(before, after);
  if (!trace) return [...before.map((): Edit => "removed"), ...after.map((): Edit => "added")];
  const edits: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let step = trace.length - 1; step > 0; step -= 1) {
    const reach = trace[step]!;
    const at = (diagonal: number): number => reach[diagonal + step + 1]!;
    const diagonal = x - y;
    const down = diagonal === -step || (diagonal !== step && at(diagonal - 1) < at(diagonal + 1));
    const fromX = down ? at(diagonal + 1) : at(diagonal - 1);
    const fromY = fromX - (down ? diagonal + 1 : diagonal - 1);
    const snakeX = down ? fromX : fromX + 1;
    for (; x > snakeX; x -= 1, y -= 1) edits.push("same");
    edits.push(down ? "added" : "removed");
    x = fromX;
    y = fromY;
  }
  for (; x > 0; x -= 1) edits.push("same");
  return edits.reverse();
}

export function diffLines(before: string[], after: string[]): DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  const middle = editsBetween(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const edits: Edit[] = [...Array<Edit>(head).fill("same"), ...middle, ...Array<Edit>(tail).fill("same")];
  let x = 0;
  let y = 0;
  return edits.map((kind) => {
    const text = kind === "added" ? after[y]! : before[x]!;
    const line: DiffLine = { kind, before: kind === "added" ? null : x + 1, after: kind === "removed" ? null : y + 1, text };
    if (kind !== "added") x += 1;
    if (kind !== "removed") y += 1;
    return line;
  });
}

/** The changed lines with so many unchanged ones around them; neighbours whose surroundings touch are one. */
export function hunksOf(lines: DiffLine[], around = 3): Hunk[] {
  const hunks: Hunk[] = [];
  let end = -1; // one past the last line that the last hunk holds
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    const from = Math.max(index - around, 0);
    const to = Math.min(index + around + 1, lines.length);
    const last = hunks[hunks.length - 1];
    if (last && from <= end) last.lines.push(...lines.slice(end, to));
    else hunks.push({ lines: lines.slice(from, to) });
    end = to;
  });
  return hunks;
}

export function countOf(lines: DiffLine[]): { added: number; removed: number } {
  let added = 0;
  let removed = 0;
  for (const line of lines) {
    if (line.kind === "added") added += 1;
    if (line.kind === "removed") removed += 1;
  }
  return { added, removed };
}
