// A native dialog: the browser keeps focus within, Escape closes it, and focus goes back to where it was, or near it.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../text";
import { Button } from "./basic";
import { Area, Fault, Form, useSubmission } from "./form";

/** What has the focus, and all that it stands in, from the inside out. */
function placesOf(element: Element | null): HTMLElement[] {
  const places: HTMLElement[] = [];
  for (let at = element; at instanceof HTMLElement && at !== document.body; at = at.parentElement) places.push(at);
  return places.length > 0 ? places : [...document.querySelectorAll("main")];
}

/** Something that is no control takes the focus this once: the next step of the keyboard goes on from there. */
function focusOn(place: HTMLElement): void {
  place.tabIndex = -1;
  place.addEventListener("blur", () => place.removeAttribute("tabindex"), { once: true });
  place.focus({ preventScroll: true });
}

/**
 * Focus goes to the innermost of the places; where that goes away before focus has moved on, since what was done took
 * its button with it, to the next one that is still there.
 */
function giveBack(places: HTMLElement[]): void {
  const [opener] = places;
  opener?.focus();
  const moved = new AbortController();
  const observer = new MutationObserver(() => follow());
  const follow = (): void => {
    if (opener?.isConnected) return;
    observer.disconnect();
    moved.abort();
    const near = places.find((place) => place.isConnected);
    if (near && document.activeElement === document.body) focusOn(near);
  };
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("focusin", () => observer.disconnect(), { once: true, signal: moved.signal });
  follow();
}

export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const places = placesOf(document.activeElement);
    const shown = dialog.current!;
    shown.showModal();
    return () => {
      shown.close();
      giveBack(places);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  lead: string;
  action: string;
  danger?: boolean;
  reason?: { label: string; field: string; optional: boolean } | undefined;
  onConfirm: (reason: string) => Promise<void>;
  onClose: () => void;
}

/** Asks before something that cannot be undone, with words where they are wanted. */
export function Confirm({ title, lead, action, danger = false, reason, onConfirm, onClose }: ConfirmProps) {
  const submission = useSubmission();
  const [words, setWords] = useState("");
  return (
    <Dialog title={title} onClose={onClose}>
      <Form submission={submission} onSubmit={() => onConfirm(words.trim())}>
        <p>{lead}</p>
        {reason && (
          <Area
            label={reason.label}
            rows={4}
            optional={reason.optional}
            value={words}
            onValue={setWords}
            fault={submission.fields[reason.field]}
          />
        )}
        <Fault refusal={submission.refusal} shown={reason ? [reason.field] : []} />
        <div class="dialog-actions">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" kind={danger ? "danger" : "primary"} busy={submission.busy}>
            {action}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
