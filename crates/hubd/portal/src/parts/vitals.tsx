// The vital signs: the newest of each kind with its time, source and way to the chart, and earlier ones.

import { useState } from "preact/hooks";
import type { EarlyWarning, RecordedEntry } from "../hub-api";
import { observed, pulses, readings, type Of } from "../state/entries";
import { trendOf, type Trend } from "../state/trend";
import { useNow } from "../use-store";
import { EarlyWarningLine } from "./early-warning-line";
import { EcgStrip } from "./ecg-strip";
import { Tile } from "./tile";
import { show, showObserved, type Shown, type TileKind } from "./tile-values";

const KINDS: readonly TileKind[] = ["blood_pressure", "pulse", "oximetry", "temperature"];

/** Shown once one of them was measured or observed. */
const MORE: readonly TileKind[] = [
  "respiratory_rate",
  "consciousness",
  "breathing",
  "oxygen_scale",
  "pregnancy",
  "glucose",
  "weight",
  "body_composition",
];

interface Props {
  entries: readonly RecordedEntry[];
  earlyWarning: EarlyWarning;
  /** In a ringing call: values and ages only. */
  small?: boolean;
}

export function Vitals({ entries, earlyWarning, small = false }: Props) {
  const now = useNow(1_000);
  const [open, setOpen] = useState<TileKind | null>(null);
  return (
    <>
      <EarlyWarningLine of={earlyWarning} now={now} />
      <section class={small ? "vitals vitals-small" : "vitals"} aria-label="Vital signs">
        {[...KINDS, ...MORE.filter((kind) => valuesOf(entries, kind).length > 0)].map((kind) => (
          <Tile
            key={kind}
            kind={kind}
            values={valuesOf(entries, kind)}
            trend={trendIn(entries, kind)}
            now={now}
            small={small}
            open={open === kind}
            onToggle={() => setOpen(open === kind ? null : kind)}
          />
        ))}
      </section>
      {!small && <EcgStrip entries={entries} now={now} />}
    </>
  );
}

function trendIn(entries: readonly RecordedEntry[], kind: TileKind): Trend | null {
  if (kind !== "blood_pressure" && kind !== "pulse" && kind !== "oximetry" && kind !== "temperature") return null;
  const [newest, before] = kind === "pulse" ? pulses(entries) : readings(entries, kind);
  if (newest === undefined || before === undefined) return null;
  return trendOf(kind, newest.body.measurement, before.body.measurement);
}

function valuesOf(entries: readonly RecordedEntry[], kind: TileKind): Of<Shown>[] {
  switch (kind) {
    case "respiratory_rate":
    case "consciousness":
    case "breathing":
    case "pregnancy":
    case "oxygen_scale":
      return observed(entries, kind).map((one) => ({ ...one, body: showObserved(one.body, one.recorded) }));
    case "pulse":
      return pulses(entries).map((one) => ({ ...one, body: show(kind, one.body) }));
    case "blood_pressure":
    case "oximetry":
    case "temperature":
    case "glucose":
    case "weight":
    case "body_composition":
      return readings(entries, kind).map((one) => ({ ...one, body: show(kind, one.body) }));
  }
}
