// What is said beside the curve of a stethoscope.

import type { HeardRate } from "../hub-api";
import type { Sounding } from "../call/ear";
import { isUnaltered, type Proven } from "../call/proof";
import type { Proof, Stethoscope } from "../state/model";

/** What the physician can do now, or `null` when there is only to listen. */
export function listenProblem(stethoscope: Stethoscope): string | null {
  return stethoscope.works ? null : "The stethoscope gives no sound. Ask the nurse to plug it in or switch it on.";
}

/** Why the physician hears nothing, or `null`. */
export function soundingWords(sounding: Sounding): string | null {
  switch (sounding) {
    case "plays":
      return null;
    case "waits":
      return "Nothing plays on this computer: you hear nothing of the patient. Connect headphones, then reload this page; you come back into the call.";
    case "cannot":
      return "This browser cannot play the stethoscope: you hear nothing of the patient. Use a current Chrome, Edge or Firefox.";
  }
}

/** `null` when all of it came. */
export function filledWords(perCent: number): string | null {
  if (perCent <= 0) return null;
  return `The network lost sound: ${perCent} % of the last seconds is filled in by the browser and not the patient.`;
}

/** What the tones say, and whether all is well. */
export function proofWords(proof: Proof): { words: string; isWell: boolean } | null {
  switch (proof.is) {
    case "none":
      return null;
    case "running":
      return { words: "Tones from 20 to 2,000 Hz are on their way: eight seconds…", isWell: true };
    case "failed":
      return { words: "The tones did not arrive. Listen again, then repeat the test.", isWell: false };
    case "done":
      return { words: `${verdict(proof.proven)} ${figures(proof.proven, proof.afterMs)}`, isWell: isUnaltered(proof.proven) };
  }
}

function verdict(proven: Proven): string {
  return isUnaltered(proven)
    ? "The sound arrives as the cart sends it."
    : "Something on the way alters the sound: do not judge a heart by it.";
}

function figures({ tones, snr }: Proven, afterMs: number | null): string {
  const worst = Math.max(...tones.map(Math.abs)).toFixed(1);
  const delay = afterMs === null ? "" : `, ${Math.round(afterMs)} ms after it was sent`;
  return `20 to 2,000 Hz within ±${worst} dB, noise ${Math.round(snr)} dB below${delay}.`;
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
