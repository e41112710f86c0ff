// Forms: labels, what is wrong beside the field, one button that waits.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Refusal } from "../api/client";
import { serverWords, t } from "../text";

export function wordsOf(refusal: Refusal): string {
  if (refusal.type === "Unreachable") return t.faults.unreachable;
  if (refusal.type === "UnreadableAnswer") return `${t.faults.unreadable} (${refusal.message})`;
  if (refusal.status === 429 && refusal.retryAfter) return t.faults.tooMany(refusal.retryAfter);
  if (refusal.status === 400 && Object.keys(refusal.fields).length > 0 && refusal.message === anyFields) return t.faults.fields;
  return serverWords(refusal.message);
}

/** What the server says where it is fields alone that are wrong. */
const anyFields = "API validation error";

/** What the page itself finds wrong, before it asks the server. */
export function wrongFields(fields: Record<string, string[]>): Refusal {
  return new Refusal(400, "WrongFields", anyFields, fields);
}

/** What is wrong with each field. */
function fieldWords(refusal: Refusal | null): Record<string, string> {
  const words = Object.entries(refusal?.fields ?? {}).map(([name, all]) => [name, all.map(serverWords).join(" ")]);
  return Object.fromEntries(words) as Record<string, string>;
}

/** A refusal as a whole; `shown` are the fields that say themselves what is wrong with them. */
export function Fault({ refusal, shown = [] }: { refusal: Refusal | null; shown?: string[] }) {
  if (!refusal) return null;
  const rest = Object.entries(fieldWords(refusal)).filter(([name]) => !shown.includes(name));
  return (
    <div class="callout fault" role="alert">
      <strong>{wordsOf(refusal)}</strong>
      {rest.length > 0 && (
        <ul>
          {rest.map(([name, words]) => (
            <li key={name}>
              {name === "archive" ? null : <code>{name}</code>} {words}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export interface Submission {
  busy: boolean;
  refusal: Refusal | null;
  fields: Record<string, string>;
  run: (call: () => Promise<void>) => Promise<void>;
  clear: () => void;
}

/** One call at a time. What the server refused stays until the next one. */
export function useSubmission(): Submission {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const running = useRef(false);
  const run = async (call: () => Promise<void>): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setRefusal(null);
    try {
      await call();
    } catch (fault) {
      setRefusal(fault instanceof Refusal ? fault : new Refusal(0, "Fault", String(fault)));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, refusal, fields: fieldWords(refusal), run, clear: () => setRefusal(null) };
}

/** Inputs that show something and have no value: a date of which only the day was typed. */
function unfinished(form: HTMLFormElement): Record<string, string[]> {
  const inputs = [...form.elements].filter((one): one is HTMLInputElement => one instanceof HTMLInputElement && one.validity.badInput);
  return Object.fromEntries(inputs.map(({ name }) => [name, [t.faults.unfinished]]));
}

/** Focus goes to the first field that is wrong. */
export function Form({ submission, onSubmit, children }: { submission: Submission; onSubmit: () => Promise<void>; children: ComponentChildren }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (submission.refusal) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [submission.refusal]);
  return (
    <form
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const fields = unfinished(event.currentTarget);
        void submission.run(async () => {
          if (Object.keys(fields).length > 0) throw wrongFields(fields);
          await onSubmit();
        });
      }}
    >
      {children}
    </form>
  );
}

interface Labelled {
  label: string;
  hint?: string | undefined;
  fault?: string | undefined;
  optional?: boolean;
}

function Surroundings({ id, label, hint, fault, optional, children }: Labelled & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="quiet"> ({t.optional})</span>}
      </label>
      {children}
      {fault && (
        <p class="field-fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function described(id: string, { hint, fault }: Labelled): { "aria-describedby"?: string; "aria-invalid"?: true } {
  const by = [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return { ...(by && { "aria-describedby": by }), ...(fault && { "aria-invalid": true as const }) };
}

type FieldProps = Labelled & { value: string; onValue: (value: string) => void } & Omit<JSX.IntrinsicElements["input"], "value" | "label">;

export function Field({ label, hint, fault, optional, value, onValue, ...rest }: FieldProps) {
  const id = useId();
  const around = { label, hint, fault, optional: optional ?? false };
  return (
    <Surroundings id={id} {...around}>
      <input {...rest} id={id} value={value} onInput={(event) => onValue(event.currentTarget.value)} {...described(id, around)} />
    </Surroundings>
  );
}

type AreaProps = Labelled & { value: string; onValue: (value: string) => void } & Omit<JSX.IntrinsicElements["textarea"], "value" | "label">;

export function Area({ label, hint, fault, optional, value, onValue, ...rest }: AreaProps) {
  const id = useId();
  const around = { label, hint, fault, optional: optional ?? false };
  return (
    <Surroundings id={id} {...around}>
      <textarea {...rest} id={id} value={value} onInput={(event) => onValue(event.currentTarget.value)} {...described(id, around)} />
    </Surroundings>
  );
}

type ChoiceProps = Labelled & { value: string; onValue: (value: string) => void; options: { value: string; label: string }[] };

export function Choice({ label, hint, fault, value, onValue, options }: ChoiceProps) {
  const id = useId();
  const around = { label, hint, fault };
  return (
    <Surroundings id={id} {...around}>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)} {...described(id, around)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Surroundings>
  );
}
