// Small things that every page has.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Status } from "../api/types";
import { ago, exactTime, t, timeLeft } from "../text";
import { say } from "./notices";
import { Store, useNow, useStore } from "./store";

type ButtonProps = {
  kind?: "plain" | "primary" | "danger" | "bare";
  busy?: boolean;
  children: ComponentChildren;
} & Omit<JSX.IntrinsicElements["button"], "class">;

/** While busy it stays focusable and says so, and does nothing. */
export function Button({ kind = "plain", busy = false, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${kind}`}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {children}
    </button>
  );
}

export function StatusBadge({ status }: { status: Status }) {
  return <span class={`badge ${status}`}>{t.status[status]}</span>;
}

export function Time({ at }: { at: string }) {
  const now = useNow(30);
  return (
    <time dateTime={at} title={exactTime(at)}>
      {ago(at, now)}
    </time>
  );
}

export function Countdown({ until }: { until: string }) {
  const now = useNow(1);
  const left = (Date.parse(until) - now) / 1000;
  return <span class="count-down">{left > 0 ? t.expiresIn(timeLeft(left)) : t.expired}</span>;
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Callout({ kind, title, children }: { kind: "note" | "warning"; title: string; children: ComponentChildren }) {
  return (
    <div class={`callout ${kind}`}>
      <strong>{title}</strong>
      <div>{children}</div>
    </div>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    await copyText(text);
    setCopied(true);
    say(t.copied);
  };
  return (
    <Button onClick={copy} aria-label={label}>
      {copied ? t.copied : t.copy}
    </Button>
  );
}

/** Where the clipboard's API is missing (plain HTTP on another host), by a selection. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

/** A secret or a command in full, with a button that copies it. */
export function Copyable({ label, text, copyLabel }: { label: string; text: string; copyLabel: string }) {
  const shown = useRef<HTMLElement>(null);
  return (
    <div class="copyable">
      <span class="label">{label}</span>
      <div class="copyable-row">
        <code ref={shown} tabIndex={0} role="textbox" aria-readonly="true" aria-label={label}>
          {text}
        </code>
        <CopyButton text={text} label={copyLabel} />
      </div>
    </div>
  );
}

/** Wide tables scroll by themselves, also by keyboard. */
export function TableFrame({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="table-frame" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

/** Goes up with each change of a picture: its address stays, and the browser must look again. */
export const pictureTurn = new Store(0);

export function Picture({ image, title, size }: { image: string | null; title: string; size: "small" | "large" }) {
  const turn = useStore(pictureTurn);
  if (image) return <img class={`picture ${size}`} src={`${image}#${turn}`} alt="" />;
  return (
    <span class={`picture ${size} initial`} aria-hidden="true">
      {(title.trim()[0] ?? "?").toUpperCase()}
    </span>
  );
}
