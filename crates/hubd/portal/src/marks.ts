// The moments of a consult that are worth measuring, on the browser's own Performance timeline.
//
// | mark             | when                                                                        |
// |------------------|-----------------------------------------------------------------------------|
// | `call-answered`  | the physician pressed Answer                                                |
// | `offer-received` | an offer of the cart arrived (`detail.generation`)                          |
// | `first-frame`    | its first picture of real size was presented (`detail.generation`)          |
// | `recorded:<id>`  | the entry with this id is painted on the page for the first time            |
//
// Read them with `performance.getEntriesByType("mark")`. They hold ids only, nothing of a patient.

import type { EntryId } from "./hub-api";

export function markAnswered(): void {
  performance.mark("call-answered");
}

export function markOffer(generation: number): void {
  performance.mark("offer-received", { detail: { generation } });
}

export function markFirstFrame(generation: number): void {
  performance.mark("first-frame", { detail: { generation } });
}

/** Only the first time counts: an entry is drawn again with every change of its delivery. */
export function markRecorded(id: EntryId): void {
  const name = `recorded:${id}`;
  if (performance.getEntriesByName(name, "mark").length === 0) performance.mark(name);
}
