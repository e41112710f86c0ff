// Data that a page needs: asked for, waited for, asked again.
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Refusal } from "../api/client";
import { t } from "../text";
import { Button } from "./basic";
import { Fault } from "./form";

export interface Loading<T> {
  data: T | null;
  refusal: Refusal | null;
  reload: () => Promise<void>;
}

/** Asks at once, and anew where one of `of` changes; what came before stays visible meanwhile only on reload(). */
export function useLoad<T>(call: () => Promise<T>, of: unknown[]): Loading<T> {
  const [state, setState] = useState<{ data: T | null; refusal: Refusal | null }>({ data: null, refusal: null });
  const latest = useRef(0);
  const reload = useCallback(async () => {
    const turn = (latest.current += 1);
    try {
      const data = await call();
      if (turn === latest.current) setState({ data, refusal: null });
    } catch (fault) {
      if (turn !== latest.current) return;
      const refusal = fault instanceof Refusal ? fault : new Refusal(0, "Fault", String(fault));
      setState((before) => ({ data: before.data, refusal }));
    }
  }, of);
  useEffect(() => {
    setState({ data: null, refusal: null });
    void reload();
    return () => void (latest.current += 1);
  }, [reload]);
  return { ...state, reload };
}

export function Loaded<T>({ of, children }: { of: Loading<T>; children: (data: T) => ComponentChildren }) {
  if (of.refusal)
    return (
      <div class="stack">
        <Fault refusal={of.refusal} />
        <div>
          <Button onClick={of.reload}>{t.retry}</Button>
        </div>
      </div>
    );
  if (of.data === null)
    return (
      <p class="quiet waiting" role="status">
        {t.loading}
      </p>
    );
  return <>{children(of.data)}</>;
}
