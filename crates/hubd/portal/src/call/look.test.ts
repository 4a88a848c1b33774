import { expect, it } from "vitest";
import { boxOf, closerWords, lookAt, onPicture, WHOLE } from "./look";

it("looks at a box, and grows it to the picture's shape around its middle", () => {
  expect(lookAt({ left: 0.25, right: 0.75, top: 0.25, bottom: 0.75 }, WHOLE)).toEqual({ x: 0.25, y: 0.25, size: 0.5 });
  const flat = lookAt({ left: 0.2, right: 0.6, top: 0.5, bottom: 0.6 }, WHOLE);
  expect(flat?.size).toBeCloseTo(0.4);
  expect([flat?.x, flat?.y].map((one) => one?.toFixed(2))).toEqual(["0.20", "0.35"]);
});

it("counts a second box from what stands on the screen", () => {
  const now = { x: 0.5, y: 0.5, size: 0.5 };
  expect(lookAt({ left: 0.5, right: 1, top: 0, bottom: 0.5 }, now)).toEqual({ x: 0.75, y: 0.5, size: 0.25 });
});

it("stays within the picture, and takes a trembling hand for none", () => {
  expect(lookAt({ left: 0.8, right: 1, top: 0, bottom: 0.6 }, WHOLE)).toEqual({ x: 0.4, y: 0, size: 0.6 });
  expect(lookAt({ left: 0.5, right: 0.51, top: 0.5, bottom: 0.52 }, WHOLE)).toBeNull();
});

it("knows where a pointer is on a picture with bars beside it", () => {
  const element = new DOMRect(100, 50, 400, 100);
  expect(onPicture({ x: 300, y: 100 }, element, 2)).toEqual({ x: 0.5, y: 0.5 });
  expect(onPicture({ x: 200, y: 50 }, element, 2)).toEqual({ x: 0, y: 0 });
  expect(boxOf({ x: 1.4, y: 0.2 }, { x: 0.5, y: -3 })).toEqual({ left: 0.5, right: 1, top: 0, bottom: 0.2 });
});

it("says how much closer, and nothing of the whole", () => {
  expect(closerWords({ x: 0, y: 0, size: 0.4 })).toBe("2.5 × closer");
  expect(closerWords(WHOLE)).toBeNull();
});
