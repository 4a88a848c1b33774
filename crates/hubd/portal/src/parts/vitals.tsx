// The vital signs: the newest of each kind with its time, source and way to the chart, and earlier ones.

import { useState } from "preact/hooks";
import type { Reading, RecordedEntry } from "../hub-api";
import { pulses, readings, type Of } from "../state/entries";
import { useNow } from "../use-store";
import { EcgStrip } from "./ecg-strip";
import { Tile } from "./tile";
import { show, type Shown, type TileKind } from "./tile-values";

const KINDS: readonly TileKind[] = ["blood_pressure", "pulse", "oximetry", "temperature"];

/** Shown once one of them was measured. */
const MORE: readonly TileKind[] = ["glucose", "weight", "body_composition"];

interface Props {
  entries: readonly RecordedEntry[];
  /** In a ringing call: values and ages only. */
  small?: boolean;
}

export function Vitals({ entries, small = false }: Props) {
  const now = useNow(1_000);
  const [open, setOpen] = useState<TileKind | null>(null);
  return (
    <>
      <section class={small ? "vitals vitals-small" : "vitals"} aria-label="Vital signs">
        {[...KINDS, ...MORE.filter((kind) => valuesOf(entries, kind).length > 0)].map((kind) => (
          <Tile
            key={kind}
            kind={kind}
            values={valuesOf(entries, kind)}
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

function valuesOf(entries: readonly RecordedEntry[], kind: TileKind): Of<Shown>[] {
  const found: Of<Reading>[] = kind === "pulse" ? pulses(entries) : readings(entries, kind);
  return found.map((one) => ({ ...one, body: show(kind, one.body) }));
}
