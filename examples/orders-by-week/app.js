// Orders by week: reads an account's orders with portico.api(), page by page, and draws what they come to.
"use strict";

const WORDS = {
  en: {
    title: "Orders by week", measure: "Show", amount: "Amount", count: "Orders", period: "Period", weeks: (n) => `Last ${n} weeks`,
    again: "Try again", asTable: "As a table", week: "Week of", total: "Total", average: "Average order", best: "Best week",
    ok: "Accepted", pending: "Pending", ko: "Refused", account: (name) => `Account: ${name}`,
    reading: (done, all) => `Reading orders: ${done} of ${all}`, read: (n) => `${n} orders read.`, none: "There are no orders in this period.",
    others: (n, currency) => `${n} orders in other currencies than ${currency} are counted, but not added up.`,
    plot: (measure, weeks, best) => `Bar plot of ${measure} in each of ${weeks} weeks. Best week: ${best}. The table below has all values.`,
    noRun: "This page shows something when it is run: open it from the developer space.",
    noAnswer: "The API could not be reached. Is the network there?",
    "-1": "Your consent does not let this page read orders.", "-2": "Your session here has ended. Open the page again from the developer space.",
    "-3": "This page may no longer act for the account: its consent was withdrawn, or its version is no longer published.",
    other: (msg) => `The API could not answer: ${msg}`,
  },
  es: {
    title: "Pedidos por semana", measure: "Mostrar", amount: "Importe", count: "Pedidos", period: "Periodo", weeks: (n) => `Últimas ${n} semanas`,
    again: "Reintentar", asTable: "Como tabla", week: "Semana del", total: "Total", average: "Pedido medio", best: "Mejor semana",
    ok: "Aceptados", pending: "Pendientes", ko: "Rechazados", account: (name) => `Cuenta: ${name}`,
    reading: (done, all) => `Leyendo pedidos: ${done} de ${all}`, read: (n) => `${n} pedidos leídos.`, none: "No hay pedidos en este periodo.",
    others: (n, currency) => `${n} pedidos en otras monedas que ${currency} se cuentan, pero no se suman.`,
    plot: (measure, weeks, best) => `Gráfico de barras de ${measure} en cada una de ${weeks} semanas. Mejor semana: ${best}. La tabla de abajo tiene todos los valores.`,
    noRun: "Esta página muestra algo cuando se ejecuta: ábrala desde el espacio de desarrolladores.",
    noAnswer: "No se ha podido llegar a la API. ¿Hay red?",
    "-1": "Su consentimiento no permite a esta página leer pedidos.", "-2": "La sesión ha terminado. Abra la página de nuevo desde el espacio de desarrolladores.",
    "-3": "Esta página ya no puede actuar por la cuenta: se retiró el consentimiento o su versión ya no está publicada.",
    other: (msg) => `La API no ha podido responder: ${msg}`,
  },
};
const STATUSES = ["ok", "pending", "ko"];
const DAY = 86_400_000;
const WEEK = 7 * DAY;
const PAGE_SIZE = 100;

const context = window.portico?.context;
const locale = (context?.locale ?? navigator.language).startsWith("es") ? "es" : "en";
const words = WORDS[locale];
const byId = (id) => document.getElementById(id);
const choices = byId("choices");
const number = new Intl.NumberFormat(locale);
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
const longDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Amounts have two implied decimals: 1250 is 12.50. */
const money = (hundredths, currency, options = {}) =>
  new Intl.NumberFormat(locale, { style: "currency", currency, ...options }).format(hundredths / 100);

/** The Monday, 00:00 UTC, of an instant's week. The epoch was a Thursday. */
const weekOf = (instant) => Math.floor((instant + 3 * DAY) / WEEK) * WEEK - 3 * DAY;

function element(name, attributes = {}, ...children) {
  const made = name.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** All orders since an instant, page by page; `told(read, all)` hears how far it has come. */
async function readOrders(since, told) {
  const orders = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const query = new URLSearchParams({ "created-gte": new Date(since).toISOString(), page, page_size: PAGE_SIZE });
    const { data, pagination } = await portico.api(`/orders?${query}`);
    orders.push(...data);
    pages = pagination.pages;
    told(orders.length, pagination.count);
  }
  return orders;
}

/** When the newest order was made: the plot ends with its week. */
async function newestOrder() {
  const { data } = await portico.api("/orders?ordering=-created&page_size=1");
  return data.length > 0 ? Date.parse(data[0].created) : Date.now();
}

/** What the orders come to: their main currency, and a row for each week, whether it had orders or not. */
function summarize(orders, first, weeks) {
  const uses = new Map();
  for (const order of orders) uses.set(order.currency, (uses.get(order.currency) ?? 0) + 1);
  const currency = [...uses].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "EUR";
  const rows = Array.from({ length: weeks }, (_, at) => ({
    start: first + at * WEEK, count: { ok: 0, pending: 0, ko: 0 }, amount: { ok: 0, pending: 0, ko: 0 },
  }));
  for (const order of orders) {
    const row = rows[(weekOf(Date.parse(order.created)) - first) / WEEK];
    if (row === undefined) continue;
    row.count[order.status] += 1;
    if (order.currency === currency) row.amount[order.status] += order.total_amount;
  }
  return { rows, currency, others: orders.length - (uses.get(currency) ?? 0), orders: orders.length };
}

const sum = (parts) => STATUSES.reduce((total, status) => total + parts[status], 0);

/** Steps of 1, 2 or 5 times a power of ten, some four of them up to the top. */
function ticksTo(top) {
  const rough = Math.max(top, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((each) => each * power >= rough) * power;
  return Array.from({ length: Math.ceil(Math.max(top, 1) / step) + 1 }, (_, at) => at * step);
}

function drawPlot({ rows, currency }, measure) {
  const place = byId("plot");
  const show = measure === "amount" ? (value) => money(value, currency) : (value) => number.format(value);
  const brief = measure === "amount" ? (value) => money(value, currency, { notation: "compact", maximumFractionDigits: 1 }) : show;
  const width = Math.max(place.clientWidth, 280);
  const [height, left, right, top, bottom] = [320, 62, 8, 12, 34];
  const ticks = ticksTo(Math.max(...rows.map((row) => sum(row[measure]))));
  const y = (value) => top + (height - top - bottom) * (1 - value / ticks.at(-1));
  const step = (width - left - right) / rows.length;
  const bar = Math.max(step * 0.68, 2);
  const every = Math.ceil(64 / step);
  const best = rows.reduce((a, b) => (sum(b[measure]) > sum(a[measure]) ? b : a));
  const label = words.plot(words[measure].toLowerCase(), rows.length, `${longDay.format(best.start)}, ${show(sum(best[measure]))}`);
  const svg = element("svg:svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  for (const tick of ticks) {
    svg.append(element("svg:line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
    svg.append(element("svg:text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, brief(tick)));
  }
  rows.forEach((row, at) => {
    const group = element("svg:g", { class: "week" });
    group.append(element("svg:rect", { class: "reach", x: left + at * step, y: top, width: step, height: height - top - bottom, rx: 4 }));
    let from = 0;
    for (const status of STATUSES) {
      const to = from + row[measure][status];
      if (to > from) group.append(element("svg:rect", { class: status, x: left + at * step + (step - bar) / 2, y: y(to), width: bar, height: Math.max(y(from) - y(to), 1), rx: 2 }));
      from = to;
    }
    if ((rows.length - 1 - at) % every === 0) {
      svg.append(element("svg:text", { x: left + (at + 0.5) * step, y: height - 12, "text-anchor": "middle" }, day.format(row.start)));
    }
    group.addEventListener("pointerenter", () => showTip(row, left + (at + 0.5) * step, width, measure, show));
    group.addEventListener("pointerleave", hideTip);
    svg.append(group);
  });
  place.replaceChildren(svg);
}

function showTip(row, x, width, measure, show) {
  hideTip();
  const lines = STATUSES.filter((status) => row[measure][status] > 0).map((status) => element("div", {}, `${words[status]}: ${show(row[measure][status])}`));
  const tip = element("div", { class: "tip" }, element("b", {}, `${words.week} ${longDay.format(row.start)}`), ...lines, `${words.total}: ${show(sum(row[measure]))}`);
  byId("plot").append(tip);
  const scale = byId("plot").clientWidth / width;
  tip.style.left = `${Math.min(Math.max(x * scale - tip.offsetWidth / 2, 0), byId("plot").clientWidth - tip.offsetWidth)}px`;
}

function hideTip() {
  document.querySelector(".tip")?.remove();
}

function writeFigures({ rows, currency, orders }) {
  const amount = rows.reduce((total, row) => total + sum(row.amount), 0);
  const best = rows.reduce((a, b) => (sum(b.amount) > sum(a.amount) ? b : a));
  const figures = [
    [words.total, money(amount, currency, { maximumFractionDigits: 0 })],
    [words.count, number.format(orders)],
    [words.average, money(orders > 0 ? amount / orders : 0, currency)],
    [words.best, day.format(best.start)],
  ];
  byId("figures").replaceChildren(...figures.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

function writeTable({ rows, currency }) {
  const cell = (value) => element("td", {}, value);
  const heads = [words.week, words.count, ...STATUSES.map((status) => words[status]), words.amount];
  document.querySelector("thead").replaceChildren(element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head))));
  document.querySelector("tbody").replaceChildren(...rows.map((row) => element("tr", {},
    element("th", { scope: "row" }, longDay.format(row.start)), cell(number.format(sum(row.count))),
    ...STATUSES.map((status) => cell(number.format(row.count[status]))), cell(money(sum(row.amount), currency)))));
}

function writeLegend({ others, currency }) {
  byId("legend").replaceChildren(...STATUSES.map((status) => element("li", {}, element("i", { class: status, "aria-hidden": "true" }), words[status])));
  byId("note").textContent = others > 0 ? words.others(number.format(others), currency) : "";
}

let shown = null;

function draw() {
  if (shown !== null) drawPlot(shown, choices.elements.measure.value);
}

function tell(error) {
  const plain = error.code === -1 && error.status !== 403 ? undefined : words[String(error.code)];
  byId("reason").textContent = plain ?? (error instanceof TypeError ? words.noAnswer : words.other(error.message));
  byId("failure").hidden = false;
  byId("status").textContent = "";
}

let asked = 0;

async function load() {
  const turn = (asked += 1); // who chooses again meanwhile sees the last choice alone
  const weeks = Number(choices.elements.weeks.value);
  const progress = byId("progress");
  byId("failure").hidden = true;
  progress.hidden = false;
  progress.removeAttribute("value");
  try {
    const first = weekOf(await newestOrder()) - (weeks - 1) * WEEK;
    const orders = await readOrders(first, (done, all) => {
      if (turn !== asked) return;
      progress.max = Math.max(all, 1);
      progress.value = done;
      byId("status").textContent = words.reading(number.format(done), number.format(all));
    });
    if (turn !== asked) return;
    shown = summarize(orders, first, weeks);
    byId("status").textContent = orders.length > 0 ? words.read(number.format(orders.length)) : words.none;
    byId("result").hidden = orders.length === 0;
    writeFigures(shown);
    writeLegend(shown);
    writeTable(shown);
    draw();
  } catch (error) {
    if (turn === asked) tell(error);
  } finally {
    if (turn === asked) progress.hidden = true;
  }
}

function begin() {
  document.documentElement.lang = locale;
  document.title = words.title;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = words[each.dataset.text];
  for (const option of choices.elements.weeks.options) option.textContent = words.weeks(option.value);
  if (context === undefined) {
    byId("choices").hidden = true;
    byId("status").textContent = words.noRun;
    return;
  }
  byId("account").textContent = words.account(context.account.name || context.account.id);
  choices.addEventListener("submit", (event) => event.preventDefault());
  choices.addEventListener("change", (event) => (event.target.name === "weeks" ? load() : draw()));
  byId("again").addEventListener("click", load);
  new ResizeObserver(draw).observe(byId("plot"));
  load();
}

begin();
