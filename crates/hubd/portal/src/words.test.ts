import { expect, it } from "vitest";
import { age, ago, birthDate, duration, span } from "./words";

const NOW = new Date(2026, 10, 22, 8, 0, 0).getTime();

it("counts an age in completed years, and in months for the smallest", () => {
  expect(age("1958-03-14", NOW)).toBe("68 years");
  expect(age("1958-11-22", NOW)).toBe("68 years");
  expect(age("1958-11-23", NOW)).toBe("67 years");
  expect(age("2025-06-01", NOW)).toBe("17 months");
  expect(age("unknown", NOW)).toBe("");
  expect(age("2027-01-01", NOW)).toBe("");
});

it("writes a birth date so that nobody takes the month for the day", () => {
  expect(birthDate("1958-03-04")).toBe("4 Mar 1958");
  expect(birthDate("not known")).toBe("not known");
});

it("says how old a value is", () => {
  const check = (ms: number, words: string) => expect(ago(NOW - ms, NOW)).toBe(words);
  check(0, "just now");
  check(35_000, "35 s ago");
  check(125_000, "2 min ago");
  check(3_900_000, "1 h 5 min ago");
  check(100_000_000, "over a day ago");
});

it("does not call a value new that comes from the future", () => {
  expect(ago(NOW + 20_000, NOW)).toBe("just now");
  expect(ago(NOW + 300_000, NOW)).toBe("clocks differ");
});

it("counts a call's length", () => {
  expect(duration(247_000)).toBe("4:07");
  expect(duration(3_847_000)).toBe("1:04:07");
  expect(span(400)).toBe("1 s");
  expect(span(130_000)).toBe("2 min");
});
