// Where a new commit is dropped, or chosen with a button, and seen on its way.
import { useRef, useState } from "preact/hooks";
import * as api from "../api/calls";
import { percent, t } from "../text";
import { Button } from "./basic";
import { Fault, Field, useSubmission } from "./form";
import { say } from "./notices";
import { pack, pickedFromDrop, pickedFromInput, type Picked } from "./pack";

type Stage = { now: "idle" } | { now: "packing" } | { now: "uploading"; share: number };

interface DropZoneProps {
  name: string;
  version: number;
  onUploaded: () => Promise<void>;
}

export function DropZone({ name, version, onUploaded }: DropZoneProps) {
  const [stage, setStage] = useState<Stage>({ now: "idle" });
  const [over, setOver] = useState(false);
  const [message, setMessage] = useState("");
  const [empty, setEmpty] = useState(false);
  const submission = useSubmission();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const send = async (picking: Promise<Picked[]>): Promise<void> => {
    const picked = await picking;
    setEmpty(picked.length === 0);
    if (picked.length === 0) return;
    try {
      setStage({ now: "packing" });
      const packed = await pack(picked);
      setStage({ now: "uploading", share: 0 });
      const commit = await api.pushCommit(name, version, packed.archive, message.trim(), (share) =>
        setStage({ now: "uploading", share }),
      );
      const left = packed.leftOut.length > 0 ? ` ${t.box.leftOut(packed.leftOut.join(", "))}` : "";
      say(t.box.uploaded(commit.label) + left);
      setMessage("");
      await onUploaded();
    } finally {
      setStage({ now: "idle" });
    }
  };
  const chosen = (input: HTMLInputElement): void => {
    const picked = pickedFromInput(input);
    input.value = ""; // the same files may be chosen again
    void submission.run(() => send(Promise.resolve(picked)));
  };

  return (
    <div
      class={`drop-zone ${over ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!event.dataTransfer) return;
        const picking = pickedFromDrop(event.dataTransfer);
        void submission.run(() => send(picking));
      }}
    >
      <p class="drop-title">{t.box.uploadTitle}</p>
      <p class="quiet">{t.box.uploadLead}</p>
      <Field label={t.box.message} hint={t.box.messageHint} optional value={message} onValue={setMessage} maxLength={500} />
      <div class="row">
        <Button kind="primary" busy={submission.busy} onClick={() => files.current?.click()}>
          {t.box.chooseFiles}
        </Button>
        <Button busy={submission.busy} onClick={() => folder.current?.click()}>
          {t.box.chooseFolder}
        </Button>
      </div>
      <input ref={files} type="file" multiple hidden aria-label={t.box.chooseFiles} onChange={(event) => chosen(event.currentTarget)} />
      <input
        ref={(input) => {
          folder.current = input;
          input?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        hidden
        aria-label={t.box.chooseFolder}
        onChange={(event) => chosen(event.currentTarget)}
      />
      <Progress stage={stage} />
      {empty && <p role="alert">{t.box.nothingDropped}</p>}
      <Fault refusal={submission.refusal} />
    </div>
  );
}

function Progress({ stage }: { stage: Stage }) {
  const words =
    stage.now === "packing"
      ? t.box.packing
      : stage.now === "uploading"
        ? stage.share < 1
          ? t.box.uploading(percent(stage.share))
          : t.box.checking
        : "";
  return (
    <div class="progress" role="status">
      {words && <span>{words}</span>}
      {stage.now === "uploading" && <progress max={1} value={stage.share} aria-label={t.box.upload} />}
      {stage.now === "packing" && <progress aria-label={t.box.packing} />}
    </div>
  );
}
