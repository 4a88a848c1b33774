// Loads a picture that may arrive at the hub a moment after its entry.

import { useEffect, useState } from "preact/hooks";

/** Give the element `tries` as its key: a new element makes a new request. */
export interface PatientImage {
  readonly tries: number;
  readonly loaded: boolean;
  readonly gaveUp: boolean;
  readonly props: { src: string; onLoad: () => void; onError: () => void };
}

/** Together about half a minute; after that the person is told and may press the thumbnail. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

export function usePatientImage(address: string): PatientImage {
  const [tries, setTries] = useState(0);
  const [failed, setFailed] = useState(false);
  const [loaded, setLoaded] = useState(false);
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
    tries,
    loaded,
    gaveUp: failed && wait === undefined,
    props: { src: address, onLoad: () => setLoaded(true), onError: () => setFailed(true) },
  };
}
