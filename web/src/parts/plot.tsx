// Values over time as an SVG picture: bars for counts, lines for durations. The table beside it says the same.
import { useEffect, useRef, useState } from "preact/hooks";
import { clock, dateTime, day, number } from "../text";
import { countTicksTo, nearest, pathThrough, pointsAlone, round, scale, ticksTo, timeTicks } from "./scales";

export interface Series {
  name: string;
  style: string; // a class of plot.css
  values: (number | null)[];
}

interface PlotProps {
  kind: "bars" | "lines";
  label: string; // what it shows, with its most telling figure, for who does not see it
  times: number[]; // ms, evenly spaced
  step: number; // ms
  series: Series[];
  unit: (value: number) => string;
}

const height = 220;
const halfLabel = 28;
const margin = { left: 46, right: 12, top: 12, bottom: 26 };

function useWidth(): [(element: Element | null) => void, number] {
  const [width, setWidth] = useState(720);
  const element = useRef<Element | null>(null);
  useEffect(() => {
    if (!element.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.floor(entry!.contentRect.width))));
    watch.observe(element.current);
    return () => watch.disconnect();
  }, []);
  return [(found) => (element.current = found), width];
}

export function Plot({ kind, label, times, step, series, unit }: PlotProps) {
  const [frame, width] = useWidth();
  const [at, setAt] = useState<number | null>(null);
  const from = times[0] ?? 0;
  const to = (times[times.length - 1] ?? 0) + (kind === "bars" ? step : 0);
  const most = Math.max(...series.flatMap((one) => one.values.map((value) => value ?? 0)), 0);
  const ticks = kind === "bars" ? countTicksTo(most) : ticksTo(most);
  const x = scale([from, to], [margin.left, width - margin.right]);
  const y = scale([0, ticks[ticks.length - 1]!], [height - margin.bottom, margin.top]);
  const middle = kind === "bars" ? step / 2 : 0;
  const positions = times.map((time) => x(time + middle));
  const zone = -new Date(from).getTimezoneOffset() * 60_000;
  const long = to - from > 36 * 3_600_000;
  return (
    <figure class="plot" ref={frame}>
      <Legend series={series} />
      <svg
        role="img"
        aria-label={label}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        onPointerMove={(event) => setAt(nearest(positions, event.offsetX))}
        onPointerLeave={() => setAt(null)}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={margin.left - 8} y={y(tick)} dy="0.32em" text-anchor="end">
              {number(tick, { notation: "compact" })}
            </text>
          </g>
        ))}
        {timeTicks(from, to, Math.max(2, Math.floor(width / 110)), zone).map((tick) => (
          <text class="tick" key={tick} {...besideEdges(x(tick), width)} y={height - 8}>
            {long ? day(tick).replace(/,? \d{4}$/, "") : clock(tick)}
          </text>
        ))}
        {kind === "bars" ? (
          <Bars series={series} times={times} step={step} x={x} y={y} />
        ) : (
          series.map((one) => <Line key={one.name} one={one} positions={positions} y={y} />)
        )}
        {at !== null && <line class="cross" x1={positions[at]} x2={positions[at]} y1={margin.top} y2={height - margin.bottom} />}
      </svg>
      <p class="reading" aria-hidden="true">
        {at !== null && (
          <>
            <strong>{dateTime(times[at]!)}</strong>
            {series.map((one) => (
              <span key={one.name}>
                {one.name} {one.values[at] === null || one.values[at] === undefined ? "–" : unit(one.values[at]!)}
              </span>
            ))}
          </>
        )}
      </p>
    </figure>
  );
}

/** In the middle below its tick, or as far beside it as the picture's edges ask for. */
function besideEdges(at: number, width: number): { x: number; "text-anchor": "start" | "middle" | "end" } {
  if (at < halfLabel) return { x: 0, "text-anchor": "start" };
  if (at > width - halfLabel) return { x: width, "text-anchor": "end" };
  return { x: at, "text-anchor": "middle" };
}

function Line({ one, positions, y }: { one: Series; positions: number[]; y: (value: number) => number }) {
  const points = one.values.map((value, index): [number, number] | null => (value === null ? null : [positions[index]!, y(value)]));
  return (
    <g class={`line ${one.style}`}>
      <path d={pathThrough(points)} />
      {pointsAlone(points).map(([left, top]) => (
        <circle key={left} cx={round(left)} cy={round(top)} r={3} />
      ))}
    </g>
  );
}

function Legend({ series }: { series: Series[] }) {
  return (
    <ul class="legend" aria-hidden="true">
      {series.map((one) => (
        <li key={one.name}>
          <svg width="10" height="10">
            <rect class={`swatch ${one.style}`} width="10" height="10" rx="2" />
          </svg>
          {one.name}
        </li>
      ))}
    </ul>
  );
}

interface BarsProps {
  series: Series[];
  times: number[];
  step: number;
  x: (value: number) => number;
  y: (value: number) => number;
}

/** Each series in front of the one before: errors are a part of the requests. */
function Bars({ series, times, step, x, y }: BarsProps) {
  const wide = Math.max(1, x((times[0] ?? 0) + step) - x(times[0] ?? 0));
  const gap = wide > 4 ? Math.min(2, wide * 0.2) : 0;
  return (
    <>
      {series.map((one) => (
        <g key={one.name} class={`bars ${one.style}`}>
          {one.values.map((value, index) =>
            value ? (
              <rect
                key={index}
                x={round(x(times[index]!) + gap / 2)}
                width={round(wide - gap)}
                y={round(y(value))}
                height={round(y(0) - y(value))}
              />
            ) : null,
          )}
        </g>
      ))}
    </>
  );
}
