import { expect, it } from "vitest";
import type { EarlyWarning, News2, Spo2Scale } from "../hub-api";
import { UNSCORED } from "../testing";
import { partsOf, riseWords, scoreWords } from "./early-warning-words";

const UNTIL = "2026-11-22T08:42:00.000Z";
const BEFORE = Date.parse(UNTIL) - 1;

const COMPLETE: News2 = {
  parts: { rr: 2, spo2: 1, o2: 2, sbp: 0, pulse: 0, consciousness: 0, temp: 0 },
  total: 5,
  risk: "medium",
  missing: [],
};

function score(news2: News2): EarlyWarning {
  return { is: "score", news2, scale: "one", until: UNTIL };
}

it("tells the total with its risk, and the points of each part", () => {
  expect(scoreWords(score(COMPLETE), BEFORE)).toBe("NEWS2 5 – medium");
  const points = partsOf(score(COMPLETE), BEFORE).map(({ points }) => points);
  expect(points).toEqual(["2", "1", "2", "0", "0", "0", "0"]);
});

it("tells what is missing and never a total without it", () => {
  const parts = { ...COMPLETE.parts, rr: null, temp: null };
  const partial = score({ parts, total: null, risk: null, missing: ["respiratory_rate", "temperature"] });
  expect(scoreWords(partial, BEFORE)).toBe("NEWS2 partial: RR, temperature missing");
  expect(partsOf(partial, BEFORE)[0]).toEqual({ name: "Respiratory rate", points: "missing" });
});

it("does not list seven missing values", () => {
  expect(scoreWords(UNSCORED, BEFORE)).toBe("NEWS2: nothing observed within the hour");
  expect(partsOf(UNSCORED, BEFORE)).toEqual([]);
});

it("takes a score back when one of its values is an hour old", () => {
  expect(scoreWords(score(COMPLETE), BEFORE + 1)).toContain("out of date");
  expect(partsOf(score(COMPLETE), BEFORE + 1)).toEqual([]);
});

it("says why there is no score", () => {
  expect(scoreWords({ is: "not_for", why: "pregnant" }, BEFORE)).toContain("not for pregnant");
  expect(scoreWords({ is: "not_for", why: "under16" }, BEFORE)).toContain("under 16");
});

it("names the scale by which the saturation was judged", () => {
  const spo2 = (scale: Spo2Scale) => partsOf({ is: "score", news2: COMPLETE, scale, until: null }, BEFORE)[1]?.name;
  expect(spo2("one")).toBe("SpO₂, scale 1");
  expect(spo2("two")).toBe("SpO₂, scale 2");
});

it("says from what to what the score rose", () => {
  const rise = { from: { total: 3, risk: "low" }, to: { total: 6, risk: "medium" }, at: BEFORE } as const;
  expect(riseWords(rise)).toBe("NEWS2 rose from 3 (low) to 6 (medium)");
});
