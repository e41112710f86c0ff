import { useEffect, useRef, useState } from "preact/hooks";
import * as api from "../api/calls";
import { mayPass, refusalFrom, type Refusal } from "../api/client";
import type { Run, Session } from "../api/types";
import { clock, t } from "../text";
import { Button } from "../parts/basic";
import { Fault, wordsOf } from "../parts/form";
import { Link } from "../parts/navigation";
import { Page } from "../parts/page";
import { accountName } from "../parts/session";

interface RunProps {
  session: Session;
  name: string;
  version: number;
  account: string;
}

export function RunPage({ session, name, version, account }: RunProps) {
  const [turn, setTurn] = useState(0);
  const [run, setRun] = useState<Run | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [renewal, setRenewal] = useState<Renewal | null>(null);

  useEffect(() => {
    let wanted = true;
    setRun(null);
    setRefusal(null);
    setRenewal(null);
    api.run(name, version, account).then(
      (begun) => wanted && setRun(begun),
      (fault: Refusal) => wanted && setRefusal(fault),
    );
    return () => void (wanted = false);
  }, [name, version, account, turn]);

  return (
    <Page
      title={t.run.title(name)}
      lead={t.run.as(accountName(session.accounts, account))}
      above={<Link to={{ page: "extension", name, version }}>← {t.run.leave}</Link>}
      actions={<Button onClick={() => setTurn(turn + 1)}>{t.run.restart}</Button>}
    >
      <Fault refusal={refusal} />
      {renewal?.state === "ended" && (
        <p class="callout fault" role="alert">
          <strong>{t.run.ended}.</strong> {t.run.endedLead} {wordsOf(renewal.refusal)}
        </p>
      )}
      {!run && !refusal && (
        <p class="quiet waiting" role="status">
          {t.run.starting}
        </p>
      )}
      {run && <Frame key={run.run} run={run} title={t.run.frame(name)} onRenewal={setRenewal} />}
      <p class="quiet small" role="status">
        {renewal?.state === "renewed" && t.run.renewed(clock(renewal.at, true))}
        {renewal?.state === "again" && `${t.run.again} ${wordsOf(renewal.refusal)}`}
      </p>
    </Page>
  );
}

const sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads";

const renewalEvery = 1000; // ms

type Renewal = { state: "renewed"; at: number } | { state: "again" | "ended"; refusal: Refusal };
type Told = (renewal: Renewal) => void;

/** What the page's script gets. Its code -3 says that no token comes any more; with any other it asks again after a while. */
async function renewed(run: Run, onRenewal: Told): Promise<object> {
  try {
    const { token, expires } = await api.renew(run.run);
    onRenewal({ state: "renewed", at: Date.now() });
    return { token, expires };
  } catch (fault) {
    const refusal = refusalFrom(fault);
    const passes = mayPass(refusal);
    onRenewal({ state: passes ? "again" : "ended", refusal });
    return { error: { code: passes ? -1 : -3, msg: wordsOf(refusal), status: refusal.status } };
  }
}

/**
 * The extension's page on its own origin. Its script asks for another token by a message; only from that origin, that
 * window and for this run is it heard, and only that origin gets the answer.
 */
function Frame({ run, title, onRenewal }: { run: Run; title: string; onRenewal: Told }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", sandbox);
    frame.setAttribute("referrerpolicy", "no-referrer");
    frame.title = title;
    let renewing = false;
    let last: { at: number; answer: object } = { at: 0, answer: {} };
    const renew = async (window: Window): Promise<void> => {
      if (renewing) return;
      renewing = true;
      // A page that asks over and over is given what it was given, and the server is left alone.
      if (Date.now() - last.at >= renewalEvery) last = { at: Date.now(), answer: await renewed(run, onRenewal) };
      window.postMessage({ portico: "token", run: run.run, ...last.answer }, run.origin);
      renewing = false;
    };
    const hear = (event: MessageEvent): void => {
      const window = frame.contentWindow;
      if (event.origin !== run.origin || window === null || event.source !== window) return;
      const asked = event.data as { portico?: unknown; run?: unknown } | null;
      if (typeof asked !== "object" || asked === null || asked.portico !== "token" || asked.run !== run.run) return;
      void renew(window);
    };
    addEventListener("message", hear);
    frame.src = run.url;
    place.current!.append(frame);
    return () => {
      removeEventListener("message", hear);
      frame.remove();
    };
  }, []);
  return <div class="run-frame" ref={place} />;
}
