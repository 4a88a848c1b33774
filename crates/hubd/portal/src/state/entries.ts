// Picks out of an encounter's entries what the page shows. Knows no HTML and no words.

import type {
  Auscultation,
  Delivery,
  EntryId,
  Finding,
  Measurement,
  Note,
  Observed,
  Reading,
  RecordedEntry,
  Still,
} from "../hub-api";

export type Kind = Measurement["kind"];

export interface Of<Body> {
  readonly id: EntryId;
  readonly recorded: string;
  readonly delivery: Delivery;
  readonly body: Body;
}

/** A repeated entry replaces the earlier one; UUIDv7 sorts by the time of capture. */
export function merge(
  known: readonly RecordedEntry[],
  more: readonly RecordedEntry[],
): readonly RecordedEntry[] {
  const byId = new Map(known.map((one) => [one.entry.id, one]));
  for (const one of more) byId.set(one.entry.id, one);
  return [...byId.values()].sort((a, b) => (a.entry.id < b.entry.id ? -1 : 1));
}

export function deliver(
  known: readonly RecordedEntry[],
  news: readonly (readonly [EntryId, Delivery])[],
): readonly RecordedEntry[] {
  const byId = new Map(news);
  return known.map((one) => {
    const delivery = byId.get(one.entry.id);
    return delivery === undefined ? one : { ...one, delivery };
  });
}

/** Newest first. */
export function readings(entries: readonly RecordedEntry[], kind: Kind): Of<Reading>[] {
  return allReadings(entries).filter((one) => one.body.measurement.kind === kind);
}

/** What a person saw, counted or prescribed. Newest first. */
export function observed(entries: readonly RecordedEntry[], kind: Finding["kind"]): Of<Observed>[] {
  return entries
    .flatMap(({ entry, delivery }) =>
      entry.body.type === "observed" && entry.body.what.kind === kind ? [of(entry, delivery, entry.body)] : [],
    )
    .reverse();
}

/** The pulse comes from whichever device counted one. Newest first. */
export function pulses(entries: readonly RecordedEntry[]): Of<Reading>[] {
  return allReadings(entries).filter((one) => pulseOf(one.body.measurement) !== null);
}

export function pulseOf(measurement: Measurement): string | null {
  switch (measurement.kind) {
    case "blood_pressure":
    case "oximetry":
      return measurement.pulse;
    case "heart_rate":
      return measurement.rate;
    case "temperature":
    case "glucose":
    case "weight":
    case "body_composition":
    case "ecg":
      return null;
  }
}

/** Newest first. */
export function stills(entries: readonly RecordedEntry[]): Of<Still>[] {
  return entries
    .flatMap(({ entry, delivery }) => (entry.body.type === "still" ? [of(entry, delivery, entry.body)] : []))
    .reverse();
}

/** Newest first. */
export function auscultations(entries: readonly RecordedEntry[]): Of<Auscultation>[] {
  return entries
    .flatMap(({ entry, delivery }) =>
      entry.body.type === "auscultation" ? [of(entry, delivery, entry.body)] : [],
    )
    .reverse();
}

/** Oldest first, as they are read. */
export function notes(entries: readonly RecordedEntry[]): Of<Note>[] {
  return entries.flatMap(({ entry, delivery }) =>
    entry.body.type === "note" ? [of(entry, delivery, entry.body)] : [],
  );
}

function allReadings(entries: readonly RecordedEntry[]): Of<Reading>[] {
  return entries
    .flatMap(({ entry, delivery }) =>
      entry.body.type === "reading" ? [of(entry, delivery, entry.body)] : [],
    )
    .reverse();
}

function of<Body>(entry: RecordedEntry["entry"], delivery: Delivery, body: Body): Of<Body> {
  return { id: entry.id, recorded: entry.recorded, delivery, body };
}
