// Loads a picture that may arrive at the hub a moment after its entry.

import { useEffect, useState } from "preact/hooks";

/** Together about half a minute; after that the person is told and may press the thumbnail. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

export function usePatientImage(address: string) {
  const [tries, setTries] = useState(0);
  const [failed, setFailed] = useState(false);
  const wait = WAITS_MS[tries];
  useEffect(() => {
    if (!failed || wait === undefined) return;
    const timer = setTimeout(() => {
      setFailed(false);
      setTries(tries + 1);
    }, wait);
    return () => clearTimeout(timer);
  }, [failed, wait, tries]);
  return {
    gaveUp: failed && wait === undefined,
    // A new key makes a new element, and with it a new request.
    props: { key: tries, src: address, onError: () => setFailed(true) },
  };
}
