import { expect, it } from "vitest";
import type { BodySite, Measurement } from "../hub-api";
import { trendOf } from "./trend";

const celsius = (value: string, site: BodySite | null = null): Measurement => ({ kind: "temperature", celsius: value, site });
const saturation = (spo2: string): Measurement => ({ kind: "oximetry", spo2, pulse: "70" });
const pressure = (systolic: string, pulse: string | null = null): Measurement => ({
  kind: "blood_pressure",
  systolic,
  diastolic: "80",
  mean: null,
  pulse,
});

it("calls steady what two devices may differ by, and tells the rest", () => {
  expect(trendOf("temperature", celsius("37.2"), celsius("36.8"))).toBe("steady");
  expect(trendOf("temperature", celsius("37.3"), celsius("36.8"))).toBe("rising");
  expect(trendOf("temperature", celsius("36.3"), celsius("36.8"))).toBe("falling");
  expect(trendOf("oximetry", saturation("95"), saturation("97"))).toBe("steady");
  expect(trendOf("oximetry", saturation("94"), saturation("97"))).toBe("falling");
  expect(trendOf("blood_pressure", pressure("129"), pressure("120"))).toBe("steady");
  expect(trendOf("blood_pressure", pressure("130"), pressure("120"))).toBe("rising");
});

it("compares the pulse of whichever devices counted one", () => {
  expect(trendOf("pulse", { kind: "heart_rate", rate: "90" }, pressure("120", "75"))).toBe("rising");
  expect(trendOf("pulse", saturation("97"), pressure("120", "75"))).toBe("steady");
});

it("does not compare an ear with an armpit, nor with what is missing", () => {
  expect(trendOf("temperature", celsius("38.5", "ear"), celsius("36.5", "armpit"))).toBeNull();
  expect(trendOf("pulse", pressure("120", null), pressure("120", "75"))).toBeNull();
});
