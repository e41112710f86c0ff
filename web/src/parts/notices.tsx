// What just happened, in one line that screen readers hear too.
import { useEffect } from "preact/hooks";
import { Store, useStore } from "./store";

const notice = new Store<{ text: string; turn: number }>({ text: "", turn: 0 });

export function say(text: string): void {
  notice.set({ text, turn: notice.value.turn + 1 });
}

const shownFor = 7000;

export function Notices() {
  const { text, turn } = useStore(notice);
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => notice.set({ text: "", turn }), shownFor);
    return () => clearTimeout(timer);
  }, [turn]);
  return (
    <div class="notices" role="status" aria-live="polite">
      {text && (
        <p class="notice" key={turn}>
          {text}
        </p>
      )}
    </div>
  );
}
