// Patients, calls and readings for the tests of this page.

import type {
  ConsultContext,
  EarlyWarning,
  Entry,
  EntryBody,
  HubToPortal,
  Limits,
  Measurement,
  Monitoring,
  Patient,
  RecordedEntry,
  Risk,
  Watched,
} from "./hub-api";
import { START, type Consult, type State } from "./state/model";
import { step } from "./state/step";

export const CALL = "01939e5a-0000-7000-8000-000000000001";
export const OTHER_CALL = "01939e5a-0000-7000-8000-000000000002";
export const ENCOUNTER = "01939e59-0000-7000-8000-000000000001";

export const PATIENT: Patient = {
  system: "urn:hospital",
  number: "100234",
  family: "Okafor",
  given: "Grace",
  birth_date: "1958-03-14",
  sex: "female",
};

/** Nothing observed: all seven are missing. */
export const UNSCORED: EarlyWarning = {
  is: "score",
  news2: {
    parts: { rr: null, spo2: null, o2: null, sbp: null, pulse: null, consciousness: null, temp: null },
    total: null,
    risk: null,
    missing: ["respiratory_rate", "spo2", "breathing", "systolic", "pulse", "consciousness", "temperature"],
  },
  scale: "one",
  until: null,
};

export const USUAL: Limits = {
  spo2: { low: "92", high: null },
  pulse_rate: { low: "41", high: "130" },
  systolic: { low: "91", high: "219" },
  temperature: { low: "35.1", high: null },
  respiratory_rate: { low: "9", high: "24" },
};

/** Seven parts that together are scored so. */
export function scoredAs(total: number, risk: Risk): EarlyWarning {
  const parts = { rr: total, spo2: 0, o2: 0, sbp: 0, pulse: 0, consciousness: 0, temp: 0 };
  return { is: "score", news2: { parts, total, risk, missing: [] }, scale: "one", until: null };
}

/** A saturation that a sensor sends all the time. */
export function live(more: Partial<Watched> = {}): Watched {
  const at = "2026-11-22T07:42:00.000Z";
  return { sign: "spo2", device: "oximeter", value: "97", at, live: true, beyond: null, ...more };
}

export function watching(watched: Watched[], more: Partial<Monitoring> = {}): HubToPortal {
  return { type: "monitoring", encounter: ENCOUNTER, monitoring: { limits: USUAL, set_by: null, watched, ...more } };
}

export function context(entries: RecordedEntry[] = []): ConsultContext {
  const encounter = { id: ENCOUNTER, patient: PATIENT, nurse: "Amara Osei", opened: "2026-11-22T07:40:00.000Z" };
  return { call: CALL, cart: "Cart 2", encounter, entries, early_warning: UNSCORED };
}

export function entryId(number: number): string {
  return `01939e5b-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

export function recorded(number: number, body: EntryBody): RecordedEntry {
  const entry: Entry = { id: entryId(number), encounter: ENCOUNTER, recorded: "2026-11-22T07:42:00.000Z", body };
  return { entry, delivery: "at_hub" };
}

export function reading(measurement: Measurement, received = "2026-11-22T07:42:00.000Z"): EntryBody {
  return {
    type: "reading",
    id: entryId(900),
    measurement,
    device: { id: "cuff", model: "SunTech Advantage", serial: null, firmware: null },
    device_time: null,
    corrected_time: null,
    sequence: null,
    received,
    quality: [],
    raw_sha256: "",
  };
}

export function signedIn(): State {
  const me = { name: "haddad", display_name: "Dr. Haddad" };
  return step(START, { type: "signed_in", me }, 0)[0];
}

export function told(state: State, message: HubToPortal): State {
  return step(state, { type: "hub", message }, 1_000_000)[0];
}

export function running(entries: RecordedEntry[] = []): State {
  return told(signedIn(), { type: "joined", context: context(entries) });
}

export function consultOf(state: State): Consult {
  if (state.consult === null) throw new Error("no consult is open");
  return state.consult;
}
