import { expect, it } from "vitest";
import { SPOTS, type Auscultation } from "../hub-api";
import { gapWords, seconds, siteName, soundWords } from "./site-words";

const SOUND: Auscultation = {
  sha256: "00",
  media_type: "audio/wav",
  bytes: 44,
  site: "mitral",
  began: "2026-11-22T07:42:00.000Z",
  millis: 12_000,
  gaps: [],
};

it("says what is missing, never less than there is, and nothing where nothing is", () => {
  expect(gapWords(SOUND)).toBeNull();
  const gaps = [
    { at_ms: 0, millis: 20 },
    { at_ms: 900, millis: 1_001 },
  ];
  expect(gapWords({ ...SOUND, gaps })).toContain("1.1 s missing");
});

it("says no second more than was heard", () => {
  expect(seconds(11_999)).toBe("11 s");
});

it("has a name of its own for every place on the drawings", () => {
  const names = SPOTS.map((spot) => siteName(spot.site));
  expect(new Set(names).size).toBe(SPOTS.length);
});

it("says what became of a sound until it is in the list", () => {
  const here = (entry: string) => entry === "a";
  expect(soundWords({ is: "on_its_way", entry: "a" }, here)).toBeNull();
  expect(soundWords({ is: "on_its_way", entry: "b" }, here)).toContain("saved on the cart");
  expect(soundWords({ is: "failed", reason: "Try again." }, here)).toBe("The sound was not kept. Try again.");
  expect(soundWords({ is: "idle" }, here)).toBeNull();
});
