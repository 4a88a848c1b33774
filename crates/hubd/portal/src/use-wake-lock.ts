// Keeps a tablet awake: one that sleeps can neither ring nor show a patient.

import { useEffect } from "preact/hooks";

export function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const take = () => {
      if (document.visibilityState !== "visible") return;
      navigator.wakeLock.request("screen").then(
        (taken) => (over ? void taken.release() : (lock = taken)),
        // On a low battery the device decides otherwise; everything else works as before.
        () => console.warn("This device does not let the page keep its screen on"),
      );
    };
    take();
    // The browser gives the lock back whenever the page is hidden.
    document.addEventListener("visibilitychange", take);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", take);
      void lock?.release();
    };
  }, [on]);
}
