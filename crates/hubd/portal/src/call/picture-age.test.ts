import { expect, it } from "vitest";
import { ageWords, PictureAge } from "./picture-age";

function taken(...frames: [shown: number, captured: number | undefined][]): number | null {
  const age = new PictureAge();
  for (const [shown, captured] of frames) age.frame(shown, captured);
  return age.take();
}

it("tells the middle age of the frames since it was asked last, and forgets them", () => {
  const age = new PictureAge();
  age.frame(1_000, 960);
  age.frame(1_033, 533);
  age.frame(1_066, 1_016);
  expect(age.take()).toBe(50);
  expect(age.take()).toBeNull();
});

it("tells no age where the browser does not say when a frame was captured", () => {
  expect(taken([1_000, undefined], [1_033, undefined])).toBeNull();
  expect(taken([1_000, undefined], [1_033, 1_000])).toBe(33);
});

it("takes a clock that is some milliseconds ahead for now, and believes no impossible one", () => {
  expect(taken([1_000, 1_004])).toBe(0);
  expect(taken([1_000, 90_000])).toBeNull();
  expect(taken([90_000, 1_000])).toBeNull();
});

it("keeps no more than two seconds of frames, whoever asks", () => {
  const age = new PictureAge();
  for (let frame = 0; frame < 1_000; frame += 1) age.frame(frame, frame - (frame < 880 ? 500 : 20));
  expect(age.take()).toBe(20);
});

it("says in calm words how old a picture is", () => {
  expect(ageWords(null)).toBeNull();
  expect(ageWords(0)).toBe("Live");
  expect(ageWords(299)).toBe("Live");
  expect(ageWords(300)).toBe("0.3 s old");
  expect(ageWords(840)).toBe("0.8 s old");
  expect(ageWords(9_960)).toBe("10 s old");
  expect(ageWords(31_400)).toBe("31 s old");
});
