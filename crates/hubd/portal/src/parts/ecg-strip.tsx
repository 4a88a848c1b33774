// The newest ECG of the patient, as on paper.

import type { Reading, RecordedEntry } from "../hub-api";
import { readings, type Of } from "../state/entries";
import { clock, qualityWord } from "../words";
import { DeliveryMark } from "./delivery-mark";
import { strip } from "./ecg-path";
import { measuredAt } from "./tile-values";

interface Props {
  entries: readonly RecordedEntry[];
  now: number;
}

export function EcgStrip({ entries, now }: Props) {
  const newest = readings(entries, "ecg")[0];
  return newest === undefined ? null : <Drawn one={newest} now={now} />;
}

function Drawn({ one, now }: { one: Of<Reading>; now: number }) {
  const { measurement, device, quality } = one.body;
  const drawn = measurement.kind === "ecg" ? strip(measurement) : null;
  if (drawn === null) return <p class="tile-facts">An ECG was recorded without samples.</p>;
  const { seconds, width, height, path } = drawn;
  const words = `ECG, one lead, ${seconds.toFixed(0)} s`;
  return (
    <figure class="ecg" data-testid="ecg">
      <figcaption>
        {words} · {clock(measuredAt(one.body), now)} · {device.model} · 25 mm/s, 10 mm/mV
        {quality.map((remark) => ` · ${qualityWord(remark)}`)}
      </figcaption>
      <div class="ecg-paper">
        <svg viewBox={`0 0 ${width} ${height}`} style={{ width: `${width}mm` }} role="img" aria-label={words}>
          <defs>
            <pattern id="ecg-mm" width="1" height="1" patternUnits="userSpaceOnUse">
              <path d="M1 0H0V1" class="ecg-thin" />
            </pattern>
            <pattern id="ecg-square" width="5" height="5" patternUnits="userSpaceOnUse">
              <rect width="5" height="5" fill="url(#ecg-mm)" />
              <path d="M5 0H0V5" class="ecg-thick" />
            </pattern>
          </defs>
          <rect width={width} height={height} fill="url(#ecg-square)" />
          <path d={path} class="ecg-line" />
        </svg>
      </div>
      <DeliveryMark delivery={one.delivery} />
    </figure>
  );
}
