// What is said beside the curve of a stethoscope.

import type { HeardRate } from "../hub-api";
import type { Stethoscope } from "../state/model";

/** What the physician can do now, or `null` when there is only to listen. */
export function listenProblem(stethoscope: Stethoscope): string | null {
  return stethoscope.works ? null : "The stethoscope gives no sound. Ask the nurse to plug it in or switch it on.";
}

export function heartRateWords(rate: HeardRate): string {
  switch (rate.is) {
    case "per_minute":
      return `Heart sounds: about ${rate.beats} a minute`;
    case "not_yet":
      return "Heart sounds: hold still for six seconds";
    case "too_quiet":
      return "Heart sounds: too quiet to count";
    case "unclear":
      return "Heart sounds: no rate – not regular, or not only the heart";
  }
}
