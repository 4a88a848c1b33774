// The places of auscultation, and what is said of a sound of one.

import type { Auscultation, AuscultationSite } from "../hub-api";
import type { SoundRequest } from "../state/model";

const NAMES: Record<AuscultationSite, string> = {
  aortic: "Aortic area",
  pulmonic: "Pulmonic area",
  erb: "Erb's point",
  tricuspid: "Tricuspid area",
  mitral: "Mitral area (apex)",
  front_right_upper: "Right lung, top, in front",
  front_left_upper: "Left lung, top, in front",
  front_right_lower: "Right lung, base, in front",
  front_left_lower: "Left lung, base, in front",
  back_left_upper: "Left lung, top, on the back",
  back_right_upper: "Right lung, top, on the back",
  back_left_lower: "Left lung, base, on the back",
  back_right_lower: "Right lung, base, on the back",
  elsewhere: "Elsewhere",
};

export function siteName(site: AuscultationSite): string {
  return NAMES[site];
}

/** "12 s", cut off: never more than there is. */
export function seconds(millis: number): string {
  return `${Math.floor(millis / 1_000)} s`;
}

/** What of it nobody heard; `null`: nothing. Never less than there is. */
export function gapWords({ gaps }: Auscultation): string | null {
  const missing = gaps.reduce((sum, gap) => sum + gap.millis, 0);
  if (missing === 0) return null;
  return `${(Math.ceil(missing / 100) / 10).toFixed(1)} s missing: nothing came from the stethoscope`;
}

/** What became of the sound that was to be kept; `null`: it is in the list, or none was. */
export function soundWords(sound: SoundRequest, isHere: (entry: string) => boolean): string | null {
  switch (sound.is) {
    case "idle":
      return null;
    case "keeping":
      return "Keeping the sound on the cart…";
    case "on_its_way":
      return isHere(sound.entry) ? null : "The sound is saved on the cart and on its way here.";
    case "failed":
      return `The sound was not kept. ${sound.reason}`;
  }
}
