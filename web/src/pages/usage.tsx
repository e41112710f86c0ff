import { useState } from "preact/hooks";
import * as api from "../api/calls";
import type { Session, UsagePoint } from "../api/types";
import { dateTime, duration, milliseconds, number, percent, t } from "../text";
import { Empty, TableFrame } from "../parts/basic";
import { Choice } from "../parts/form";
import { Loaded, useLoad } from "../parts/load";
import { Page, Section } from "../parts/page";
import { Plot } from "../parts/plot";
import { accountName } from "../parts/session";

type Span = "hour" | "day" | "week" | "month";
const spans: Record<Span, { seconds: number; step: number }> = {
  hour: { seconds: 3_600, step: 60 },
  day: { seconds: 86_400, step: 1_800 },
  week: { seconds: 7 * 86_400, step: 10_800 },
  month: { seconds: 30 * 86_400, step: 43_200 },
};

function ask(account: string, span: Span) {
  const { seconds, step } = spans[span];
  const until = Math.ceil(Date.now() / 1000 / step) * step;
  const instant = (at: number): string => new Date(at * 1000).toISOString();
  return api.usage(account, { since: instant(until - seconds), until: instant(until), step });
}

export function Usage({ session, account }: { session: Session; account: string }) {
  const [span, setSpan] = useState<Span>("day");
  const usage = useLoad(() => ask(account, span), [account, span]);
  const options = (Object.keys(spans) as Span[]).map((value) => ({ value, label: t.usage.spans[value] }));
  const choice = <Choice label={t.usage.span} value={span} onValue={(value) => setSpan(value as Span)} options={options} />;
  return (
    <Page title={t.usage.title} lead={t.usage.lead(accountName(session.accounts, account))} actions={choice}>
      <Loaded of={usage}>
        {({ results, step }) =>
          results.every((point) => point.requests === 0) ? (
            <Empty title={t.usage.noneTitle}>
              <p>{t.usage.none}</p>
            </Empty>
          ) : (
            <Shown points={filled(results, step, span)} step={step} />
          )
        }
      </Loaded>
    </Page>
  );
}

/** A point for each step of the period: what the server leaves out had no requests. */
function filled(points: UsagePoint[], step: number, span: Span): UsagePoint[] {
  const known = new Map(points.map((point) => [Date.parse(point.at), point]));
  const width = step * 1000;
  const first = Math.min(...known.keys());
  const phase = first % width;
  const until = Date.now();
  const none = { requests: 0, errors: 0, p50_microseconds: null, p95_microseconds: null, p99_microseconds: null };
  const all: UsagePoint[] = [];
  const from = Math.min(first, Math.ceil((until - spans[span].seconds * 1000 - phase) / width) * width + phase);
  for (let at = from; at <= until; at += width) all.push(known.get(at) ?? { at: new Date(at).toISOString(), ...none });
  return all;
}

function Shown({ points, step }: { points: UsagePoint[]; step: number }) {
  const requests = points.reduce((sum, point) => sum + point.requests, 0);
  const errors = points.reduce((sum, point) => sum + point.errors, 0);
  const worst = Math.max(...points.map((point) => point.p95_microseconds ?? 0));
  const times = points.map((point) => Date.parse(point.at));
  const inMilliseconds = (value: number | null): number | null => (value === null ? null : value / 1000);
  const p = t.usage.percentile;
  return (
    <>
      <dl class="figures">
        <Figure name={t.usage.requests} value={number(requests)} />
        <Figure name={t.usage.errors} value={number(errors)} />
        <Figure name={t.usage.errorRate} value={percent(requests === 0 ? 0 : errors / requests, 2)} />
        <Figure name={t.usage.worst95} value={milliseconds(worst)} />
      </dl>
      <Section title={t.usage.requests} lead={t.usage.per(duration(step))}>
        <Plot
          kind="bars"
          label={`${t.usage.requestsPlot}. ${t.usage.total(number(requests), number(errors))}`}
          times={times}
          step={step * 1000}
          unit={(value) => number(value)}
          series={[
            { name: t.usage.requests, style: "first", values: points.map((point) => point.requests) },
            { name: t.usage.errors, style: "bad", values: points.map((point) => point.errors) },
          ]}
        />
      </Section>
      <Section title={t.usage.latency} lead="ms">
        <Plot
          kind="lines"
          label={`${t.usage.latencyPlot}. ${t.usage.highest(milliseconds(Math.max(...points.map((point) => point.p99_microseconds ?? 0))))}`}
          times={times}
          step={step * 1000}
          unit={(value) => milliseconds(value * 1000)}
          series={[
            { name: p.p50, style: "first", values: points.map((point) => inMilliseconds(point.p50_microseconds)) },
            { name: p.p95, style: "second", values: points.map((point) => inMilliseconds(point.p95_microseconds)) },
            { name: p.p99, style: "third", values: points.map((point) => inMilliseconds(point.p99_microseconds)) },
          ]}
        />
      </Section>
      <details class="as-table">
        <summary>{t.showTable}</summary>
        <Table points={points.filter((point) => point.requests > 0)} />
      </details>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Table({ points }: { points: UsagePoint[] }) {
  return (
    <TableFrame label={t.usage.title}>
      <table class="table figures-table">
        <thead>
          <tr>
            <th scope="col">{t.usage.at}</th>
            <th scope="col">{t.usage.requests}</th>
            <th scope="col">{t.usage.errors}</th>
            <th scope="col">{t.usage.percentile.p50}</th>
            <th scope="col">{t.usage.percentile.p95}</th>
            <th scope="col">{t.usage.percentile.p99}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.at}>
              <th scope="row">{dateTime(point.at)}</th>
              <td>{number(point.requests)}</td>
              <td>{number(point.errors)}</td>
              <td>{milliseconds(point.p50_microseconds)}</td>
              <td>{milliseconds(point.p95_microseconds)}</td>
              <td>{milliseconds(point.p99_microseconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
