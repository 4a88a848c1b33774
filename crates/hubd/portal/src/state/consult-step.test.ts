import { describe, expect, it } from "vitest";
import type { CartOnChannel } from "../hub-api";
import { CALL, consultOf, ENCOUNTER, entryId, PATIENT, reading, recorded, running, told } from "../testing";
import type { ConsultInput, Effect } from "./input";
import type { State } from "./model";
import { step } from "./step";

type Act = ConsultInput extends infer I ? (I extends { call: string } ? Omit<I, "call"> : never) : never;

function act(state: State, input: Act): readonly [State, readonly Effect[]] {
  return step(state, { ...input, call: CALL } as ConsultInput, 1_000_000);
}

function after(state: State, ...inputs: Act[]): State {
  return inputs.reduce((before, input) => act(before, input)[0], state);
}

const heard = (message: CartOnChannel): Act => ({ type: "channel", message });

describe("the note", () => {
  const typed = after(running(), { type: "note_text", text: " Calm, oriented. " });

  it("is sent under one id, however often Save is pressed", () => {
    const [saving, effects] = act(typed, { type: "save_note", freshId: entryId(1) });
    const draft = { encounter: ENCOUNTER, call: CALL, text: "Calm, oriented." };
    expect(effects).toEqual([{ type: "put_note", call: CALL, id: entryId(1), draft }]);
    expect(act(saving, { type: "save_note", freshId: entryId(2) })[1]).toEqual([]);
    const lost = after(saving, notStored(false));
    const [, again] = act(lost, { type: "save_note", freshId: entryId(3) });
    expect(again).toEqual([{ type: "put_note", call: CALL, id: entryId(1), draft }]);
  });

  it("is called saved only with the receipt", () => {
    const saving = after(typed, { type: "save_note", freshId: entryId(1) });
    expect(consultOf(saving).stored).toEqual([]);
    const saved = consultOf(after(saving, { type: "note_stored", id: entryId(1) }));
    expect(saved.stored.map((one) => one.text)).toEqual(["Calm, oriented."]);
    expect(saved.note).toEqual({ text: "", id: null, saving: false, problem: null });
  });

  it("becomes a further note when an earlier text of it is already stored", () => {
    const saving = after(typed, { type: "save_note", freshId: entryId(1) }, notStored(true));
    const [, effects] = act(saving, { type: "save_note", freshId: entryId(2) });
    expect(effects[0]).toMatchObject({ type: "put_note", id: entryId(2) });
  });

  it("can still be saved after the call, and is not lost by going home", () => {
    const home = step(after(typed, { type: "hang_up" }), { type: "go_home" }, 0)[0];
    expect(home.consult).toBeNull();
    const open = step(home, { type: "open_shelved", call: CALL }, 0)[0];
    expect(consultOf(open).note.text).toBe(" Calm, oriented. ");
    expect(act(open, { type: "save_note", freshId: entryId(1) })[1]).toHaveLength(1);
  });

  it("leaves nothing on the shelf once it is saved", () => {
    const saved = after(
      typed,
      { type: "hang_up" },
      { type: "save_note", freshId: entryId(1) },
      { type: "note_stored", id: entryId(1) },
    );
    expect(step(saved, { type: "go_home" }, 0)[0].shelf).toEqual([]);
  });

  function notStored(earlierIsStored: boolean): Act {
    return { type: "note_not_stored", id: entryId(1), problem: "Not saved", earlierIsStored };
  }
});

describe("a still", () => {
  it("is asked for once at a time, each with its own number", () => {
    const [taking, effects] = act(running(), { type: "freeze" });
    expect(effects[0]).toEqual({ type: "freeze", call: CALL, request: 0, examined: null });
    expect(act(taking, { type: "freeze" })[1]).toEqual([]);
    const saved = after(taking, heard({ type: "still_saved", request: 0, entry: entryId(5) }));
    expect(act(saved, { type: "freeze" })[1][0]).toEqual({ type: "freeze", call: CALL, request: 1, examined: null });
  });

  it("says why it was not taken", () => {
    const failed = after(running(), { type: "freeze" }, heard({ type: "still_failed", request: 0, reason: "No camera." }));
    expect(consultOf(failed).still).toEqual({ is: "failed", reason: "No camera." });
  });

  it("is not waited for without end, and a late reminder spoils nothing", () => {
    const [taking, effects] = act(running(), { type: "freeze" });
    const later = effects.find((effect) => effect.type === "later");
    if (later?.type !== "later") throw new Error("no reminder");
    expect(consultOf(step(taking, later.input, 0)[0]).still.is).toBe("failed");
    const saved = after(taking, heard({ type: "still_saved", request: 0, entry: entryId(5) }));
    expect(consultOf(step(saved, later.input, 0)[0]).still.is).toBe("on_its_way");
  });
});

describe("the picture", () => {
  it("counts from when the cart captured what stands on the screen", () => {
    const live = after(running(), { type: "picture", live: true });
    const [frozen] = step(live, { type: "picture", call: CALL, live: false }, 5_000);
    expect(consultOf(frozen).picture).toEqual({ is: "frozen", since: 4_500 });
    const late = after(live, { type: "age", age: 1_200 });
    const [lateFrozen] = step(late, { type: "picture", call: CALL, live: false }, 5_000);
    expect(consultOf(lateFrozen).picture).toEqual({ is: "frozen", since: 3_300 });
    expect(consultOf(after(frozen, { type: "picture", live: true })).picture).toEqual({ is: "live" });
  });

  it("of a call that is over changes nothing", () => {
    const over = after(running(), { type: "hang_up" });
    expect(after(over, { type: "picture", live: true })).toEqual(over);
  });
});

describe("the record", () => {
  const pressure = reading({ kind: "blood_pressure", systolic: "128", diastolic: "82", mean: null, pulse: "88" });

  it("holds an entry once, however often the hub tells it", () => {
    const once = told(running(), { type: "recorded", recorded: recorded(1, pressure) });
    const twice = told(once, { type: "recorded", recorded: recorded(1, pressure) });
    expect(consultOf(twice).entries).toHaveLength(1);
  });

  it("keeps the order of capture when entries arrive late", () => {
    const late = told(running([recorded(2, pressure)]), { type: "recorded", recorded: recorded(1, pressure) });
    expect(consultOf(late).entries.map((one) => one.entry.id)).toEqual([entryId(1), entryId(2)]);
  });

  it("follows each entry to the chart, also after the call", () => {
    const over = after(running([recorded(1, pressure)]), { type: "hang_up" });
    const state = told(over, { type: "delivered", encounter: ENCOUNTER, entries: [[entryId(1), "in_ehr"]] });
    expect(consultOf(state).entries[0]?.delivery).toBe("in_ehr");
  });

  it("takes nothing from another patient's encounter", () => {
    const foreign = recorded(1, { type: "opened", patient: PATIENT, nurse: "n", cart: "c" });
    foreign.entry.encounter = "01939e59-0000-7000-8000-00000000beef";
    expect(consultOf(told(running(), { type: "recorded", recorded: foreign })).entries).toEqual([]);
  });
});
