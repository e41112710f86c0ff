// What plots are drawn by: round ticks, positions, paths. Pure.

/** Round values from 0 to at least `most`: 0, 20, 40, 60. At most `wanted` + 2 of them. */
export function ticksTo(most: number, wanted = 4): number[] {
  if (!(most > 0)) return [0, 1];
  const raw = most / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw * 0.999999)!;
  const ticks: number[] = [];
  for (let index = 0; ; index += 1) {
    const value = Number((index * step).toPrecision(12));
    ticks.push(value);
    if (value >= most) return ticks;
  }
}

/** Whole numbers alone, for counts. */
export function countTicksTo(most: number, wanted = 4): number[] {
  const ticks = ticksTo(Math.max(most, 1), wanted);
  return ticks.every(Number.isInteger) ? ticks : ticksTo(Math.ceil(Math.max(most, 1) / wanted) * wanted, wanted).filter(Number.isInteger);
}

export interface Scale {
  (value: number): number;
}

export function scale(from: [number, number], to: [number, number]): Scale {
  const span = from[1] - from[0];
  return (value) => (span === 0 ? to[0] : to[0] + ((value - from[0]) / span) * (to[1] - to[0]));
}

type Point = [number, number];

/** Points that stand alone between gaps: a path through them has no length. */
export function pointsAlone(points: (Point | null)[]): Point[] {
  return points.filter((point, index): point is Point => point !== null && !points[index - 1] && !points[index + 1]);
}

/** An SVG path through the points; a null begins anew after a gap. Nothing is drawn of a point alone. */
export function pathThrough(points: (Point | null)[]): string {
  const commands: string[] = [];
  let open = false;
  points.forEach((point, index) => {
    if (point === null) {
      open = false;
      return;
    }
    const at = `${round(point[0])} ${round(point[1])}`;
    if (open || points[index + 1]) commands.push(`${open ? "L" : "M"}${at}`);
    open = true;
  });
  return commands.join("");
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day];

/** Moments (ms) on round hours or days of local time between two, at most so many. */
export function timeTicks(from: number, to: number, most: number, zoneOffset: number): number[] {
  const step = timeSteps.find((candidate) => (to - from) / candidate <= most) ?? 28 * day;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + zoneOffset) / step) * step - zoneOffset; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** The index of the point nearest to a position, for a pointer above the plot. */
export function nearest(positions: number[], at: number): number {
  let best = 0;
  positions.forEach((position, index) => {
    if (Math.abs(position - at) < Math.abs(positions[best]! - at)) best = index;
  });
  return best;
}
