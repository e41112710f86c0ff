// A native dialog: the browser keeps focus within, Escape closes it, and focus goes back to where it was.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../text";
import { Button } from "./basic";
import { Area, Fault, Form, useSubmission } from "./form";

export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current!;
    shown.showModal();
    return () => {
      shown.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
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
