// How parts of the page reach the store, and the time.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Store } from "./store";

export const StoreContext = createContext<Store | null>(null);

/** Draws again after every change of state or screen. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("main.tsx provides the store around the whole page");
  const [, draw] = useState(0);
  useEffect(() => store.watch(() => draw((count) => count + 1)), [store]);
  return store;
}

/** Milliseconds since 1970, drawn again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, set] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return Math.max(now, Date.now());
}
