// The page's plain words for what the hub says in codes. No HTML; times of now come in as arguments.

import type {
  BodySite,
  Breathing,
  Consciousness,
  Delivery,
  GlucoseSample,
  Meal,
  Patient,
  Quality,
  Sex,
  Spo2Scale,
} from "./hub-api";
import type { EndedWhy } from "./state/model";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A clock may differ by some seconds; more than this is said. */
const CLOCKS_AGREE_MS = MINUTE;

export function patientName(patient: Patient): string {
  return `${patient.family}, ${patient.given}`;
}

const SEX: Record<Sex, string> = { female: "female", male: "male", other: "other", unknown: "sex unknown" };

export function sexWord(sex: Sex): string {
  return SEX[sex];
}

/** As ISO 8601 gives it, to "14 Mar 1958": no reader takes a month for a day. */
export function birthDate(iso: string): string {
  const date = new Date(`${iso}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** Completed years, below two years months. Empty when the date cannot be read. */
export function age(iso: string, now: number): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (match === null) return "";
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const today = new Date(now);
  const beforeDay = today.getDate() < day ? 1 : 0;
  const months = (today.getFullYear() - year) * 12 + (today.getMonth() + 1 - month) - beforeDay;
  if (months < 0) return "";
  return months < 24 ? `${months} months` : `${Math.floor(months / 12)} years`;
}

export function clock(time: string | number, now: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "time unknown";
  const hours = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === new Date(now).toDateString()) return hours;
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${hours}`;
}

/** How long ago, or that the clocks do not agree, which is no reason to hide a value. */
export function ago(time: string | number, now: number): string {
  const passed = now - new Date(time).getTime();
  if (Number.isNaN(passed)) return "";
  if (passed < -CLOCKS_AGREE_MS) return "clocks differ";
  if (passed < 10_000) return "just now";
  if (passed < MINUTE) return `${Math.floor(passed / 1000)} s ago`;
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  const hours = Math.floor(passed / HOUR);
  return hours < 24 ? `${hours} h ${Math.floor((passed % HOUR) / MINUTE)} min ago` : "over a day ago";
}

/** "7 s", "3 min". */
export function span(ms: number): string {
  return ms < MINUTE ? `${Math.max(1, Math.round(ms / 1000))} s` : `${Math.floor(ms / MINUTE)} min`;
}

/** "4:07", and "1:04:07" from an hour on. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const DELIVERY: Record<Delivery, string> = {
  at_hub: "at the hub",
  in_ehr: "in the chart",
  set_aside: "refused: needs a look",
  unknown: "no answer: look in the chart",
};

export function deliveryWord(delivery: Delivery): string {
  return DELIVERY[delivery];
}

const QUALITY: Record<Quality, string> = {
  motion: "The patient moved",
  loose_cuff: "The cuff was loose",
  irregular_pulse: "Irregular pulse",
  low_perfusion: "Weak signal, low perfusion",
  artifact: "Disturbed signal",
  wrong_position: "Wrong position of body or sensor",
  pulse_out_of_range: "Pulse outside the device's range",
  questionable: "The device doubts the value",
  device_fault: "Fault of the device, sensor or sample",
  control_solution: "Control solution, not the patient",
  demonstration: "Demonstration, not the patient",
  clock_off: "The device's clock was off, time corrected",
  unusual: "Unusual value, please check",
};

export function qualityWord(quality: Quality): string {
  return QUALITY[quality];
}

const CONSCIOUSNESS: Record<Consciousness, string> = {
  alert: "Alert",
  confusion: "New confusion",
  voice: "To voice",
  pain: "To pain",
  unresponsive: "Unresponsive",
};

export function consciousnessWord(level: Consciousness): string {
  return CONSCIOUSNESS[level];
}

export function breathingWord(of: Breathing): string {
  return of === "air" ? "Air" : "Oxygen";
}

export function pregnancyWord(pregnant: boolean): string {
  return pregnant ? "Pregnant" : "Not pregnant";
}

const SCALE: Record<Spo2Scale, string> = { one: "Scale 1", two: "Scale 2" };

/** The NEWS2 scale of the oxygen saturation. */
export function scaleWord(scale: Spo2Scale): string {
  return SCALE[scale];
}

const SITE: Record<BodySite, string> = {
  armpit: "armpit",
  body: "body",
  ear: "ear",
  finger: "finger",
  gastro_intestinal: "gastro-intestinal",
  mouth: "mouth",
  rectum: "rectum",
  toe: "toe",
  tympanum: "ear drum",
};

export function siteWord(site: BodySite): string {
  return SITE[site];
}

const SAMPLE: Record<GlucoseSample, string> = {
  capillary_whole_blood: "capillary blood",
  capillary_plasma: "capillary plasma",
  venous_whole_blood: "venous blood",
  venous_plasma: "venous plasma",
  arterial_whole_blood: "arterial blood",
  arterial_plasma: "arterial plasma",
  undetermined_whole_blood: "blood",
  undetermined_plasma: "plasma",
  interstitial_fluid: "tissue fluid",
};

const MEAL: Record<Meal, string> = {
  before_meal: "before a meal",
  after_meal: "after a meal",
  fasting: "fasting",
  casual: "between meals",
  bedtime: "at bedtime",
};

/** "capillary blood, fasting"; null where the meter says neither. */
export function sampleWord(sample: GlucoseSample | null, meal: Meal | null): string | null {
  const words = [...(sample === null ? [] : [SAMPLE[sample]]), ...(meal === null ? [] : [MEAL[meal]])];
  return words.length === 0 ? null : words.join(", ");
}

const ENDED: Record<EndedWhy, string> = {
  nurse: "The nurse ended the call.",
  physician: "You ended the call.",
  unanswered: "The call was not answered in time.",
  declined: "The call was declined.",
  cart_lost: "The call ended because the cart lost its network. The nurse can call again.",
  elsewhere: "The call was taken over or ended in another window of yours.",
  forgotten: "The call was interrupted and is over. The nurse can call again.",
};

export function endedWord(why: EndedWhy): string {
  return ENDED[why];
}
