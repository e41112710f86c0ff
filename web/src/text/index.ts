// The language that is spoken, and how it writes dates, numbers and sizes.
import { en, type Messages } from "./en";
import { es } from "./es";
import { translated, type ServerWords } from "./server";
import { serverEs } from "./server_es";

export type Locale = "en" | "es";
export const locales: Locale[] = ["en", "es"];

const tables: Record<Locale, Messages> = { en, es };
const serverTables: Record<Locale, ServerWords> = { en: [], es: serverEs };
const stored = "portico.locale";

export function isLocale(text: string | null | undefined): text is Locale {
  return text === "en" || text === "es";
}

function first(): Locale {
  const chosen = localStorage.getItem(stored);
  if (isLocale(chosen)) return chosen;
  return navigator.languages.map((language) => language.slice(0, 2)).find(isLocale) ?? "en";
}

let locale: Locale = first();
export let t: Messages = tables[locale];
document.documentElement.lang = locale;

export function currentLocale(): Locale {
  return locale;
}

/** What the server says, in the language that is spoken; in its own words where there are none. */
export function serverWords(message: string): string {
  return translated(message, serverTables[locale]);
}

/** Dates and numbers as the reader's country writes them, where it has this language. */
function region(): string {
  return navigator.languages.find((language) => language.slice(0, 2) === locale) ?? locale;
}

/** All that is on the page must be drawn again by the caller. */
export function setLocale(wanted: Locale): void {
  locale = wanted;
  t = tables[wanted];
  document.documentElement.lang = wanted;
  localStorage.setItem(stored, wanted);
}

export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(region(), options).format(value);
}

export function percent(share: number, digits = 0): string {
  return number(share, { style: "percent", maximumFractionDigits: digits });
}

export function milliseconds(microseconds: number | null): string {
  if (microseconds === null) return "–";
  const value = microseconds / 1000;
  return number(value, { style: "unit", unit: "millisecond", maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
}

export function bytes(count: number): string {
  if (count < 1000) return `${number(count)} B`;
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let value = count;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return number(value, { style: "unit", unit: units[unit]!, unitDisplay: "short", maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 });
}

export function dateTime(instant: string | number): string {
  return new Intl.DateTimeFormat(region(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));
}

export function exactTime(instant: string): string {
  return new Intl.DateTimeFormat(region(), { dateStyle: "long", timeStyle: "long" }).format(new Date(instant));
}

export function day(instant: string | number): string {
  return new Intl.DateTimeFormat(region(), { dateStyle: "medium" }).format(new Date(instant));
}

export function clock(instant: string | number, seconds = false): string {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  if (seconds) options.second = "2-digit";
  return new Intl.DateTimeFormat(region(), options).format(new Date(instant));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `5 minutes ago`; the date where it is longer than a week ago. */
export function ago(instant: string, now: number): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  if (Math.abs(seconds) > 7 * 86_400) return day(instant);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const [unit, size] = steps.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return unit === "second" ? words.format(Math.abs(seconds) < 10 ? 0 : Math.round(seconds), "second") : words.format(Math.round(seconds / size), unit);
}

/** `23:59:08`, `9:58` */
export function timeLeft(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export function duration(seconds: number): string {
  const [unit, size] = [...steps].find(([, each]) => seconds >= each && seconds % each === 0) ?? ["second", 1];
  return number(seconds / size, { style: "unit", unit, unitDisplay: "long" });
}
