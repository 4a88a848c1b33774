import { beforeEach, expect, it, vi } from "vitest";
import { readFromCart, readFromHub } from "./messages";

beforeEach(() => {
  vi.spyOn(console, "warn").mockReset().mockReturnValue();
});

it("reads what both ends know", () => {
  expect(readFromHub('{"type":"carts","carts":[]}')).toEqual({ type: "carts", carts: [] });
  expect(readFromHub('{"type":"monitoring"}')).toEqual({ type: "monitoring" });
  expect(readFromCart('{"type":"hearing","picture":true,"sound":false}')).toMatchObject({ sound: false });
  const examining = '{"type":"examining","cameras":["otoscope"],"examined":null,"works":true}';
  expect(readFromCart(examining)).toMatchObject({ cameras: ["otoscope"] });
});

it("leaves alone what it does not know, and prints nothing of it", () => {
  const strange: unknown[] = [
    "",
    "{",
    "[]",
    "null",
    '"Okafor"',
    '{"type":"toString","name":"Okafor"}',
    '{"type":7}',
    '{"name":"Okafor"}',
    new ArrayBuffer(4),
    `{"type":"carts","carts":"${"x".repeat(300_000)}"}`,
  ];
  for (const data of strange) expect(readFromHub(data)).toBeNull();
  expect(console.warn).toHaveBeenCalledTimes(strange.length);
  expect(JSON.stringify(vi.mocked(console.warn).mock.calls)).not.toContain("Okafor");
});
