import { expect, it } from "vitest";
import { madeAt, uuidV7 } from "./ids";

it("lays an id out as RFC 9562 shows in its appendix A.6", () => {
  // 017F22E2-79B0-7CC3-98C4-DC0C0C07398F, made at 0x017F22E279B0.
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuidV7(0x017f22e279b0, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

it("tells when an id was made, of version 7 only", () => {
  expect(madeAt("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")).toBe(1_645_557_742_000);
  expect(madeAt("017f22e2-79b0-4cc3-98c4-dc0c0c07398f")).toBeNull();
  expect(madeAt("")).toBeNull();
});

it("makes ids that sort by time and are not alike", () => {
  expect(uuidV7(1_000) < uuidV7(2_000)).toBe(true);
  expect(uuidV7(1_000)).not.toBe(uuidV7(1_000));
});
