import { describe, expect, it } from "vitest";
import type { HubToPortal } from "../hub-api";
import { CALL, context, OTHER_CALL, running, signedIn, told } from "../testing";
import { lineOf, wantsSocket, type Input } from "./input";
import { START, type State } from "./model";
import { step } from "./step";

const NOW = 1_000_000;

function hub(state: State, message: HubToPortal, now = NOW) {
  return step(state, { type: "hub", message }, now);
}

function act(state: State, ...inputs: Input[]): State {
  return inputs.reduce((before, input) => step(before, input, NOW)[0], state);
}

describe("being on call", () => {
  it("tells the hub and shows it", () => {
    const [state, effects] = step(signedIn(), { type: "set_on_call", onCall: true }, NOW);
    expect(state.onCall).toBe(true);
    expect(effects).toEqual([{ type: "send", message: { type: "on_call", on_call: true } }]);
  });

  it("follows the hub after a lost connection", () => {
    const state = told(signedIn(), { type: "welcome", version: 1, physician: "p", on_call: true, call: null });
    expect(state.onCall).toBe(true);
  });
});

describe("a ringing call", () => {
  it("rings until it is declined here", () => {
    const ringing = told(signedIn(), { type: "ringing", context: context() });
    expect(ringing.ringing).toHaveLength(1);
    const [state, effects] = step(ringing, { type: "decline", call: CALL }, NOW);
    expect(state.ringing).toHaveLength(0);
    expect(effects).toEqual([{ type: "send", message: { type: "decline", call: CALL } }]);
  });

  it("opens camera and microphone at the press of Answer, when a browser may ask for them", () => {
    const ringing = told(signedIn(), { type: "ringing", context: context() });
    expect(lineOf(ringing)).toBeNull();
    const [state, effects] = step(ringing, { type: "answer", call: CALL }, NOW);
    expect(lineOf(state)).toBe(CALL);
    expect(effects).toContainEqual({ type: "send", message: { type: "answer", call: CALL } });
  });

  it("is answered once, however often the button is pressed", () => {
    const ringing = told(signedIn(), { type: "ringing", context: context() });
    const answered = act(ringing, { type: "answer", call: CALL });
    expect(step(answered, { type: "answer", call: CALL }, NOW)[1]).toEqual([]);
  });

  it("turns the camera off and says so when a colleague was faster", () => {
    const ringing = told(signedIn(), { type: "ringing", context: context() });
    const state = told(act(ringing, { type: "answer", call: CALL }), { type: "ringing_stopped", call: CALL });
    expect(lineOf(state)).toBeNull();
    expect(state.notice).toContain("colleague");
  });

  it("cannot be answered while the hub is away, and rings again after that", () => {
    const ringing = told(signedIn(), { type: "ringing", context: context() });
    expect(act(ringing, { type: "link", link: "lost" }).ringing).toEqual([]);
  });

  it("turns the camera off when the hub is lost before it could answer", () => {
    const ringing = told(signedIn(), { type: "ringing", context: context() });
    const state = act(ringing, { type: "answer", call: CALL }, { type: "link", link: "lost" });
    expect(lineOf(state)).toBeNull();
  });

  it("keeps what the browser said of the camera before the hub said who has the call", () => {
    const ringing = told(signedIn(), { type: "ringing", context: context() });
    const asked = act(
      ringing,
      { type: "answer", call: CALL },
      { type: "own_media", camera: true, microphone: false, problem: "No microphone" },
    );
    const state = told(asked, { type: "joined", context: context() });
    expect(state.own).toMatchObject({ asked: true, camera: true, microphone: false });
  });
});

describe("a call", () => {
  it("ends with its line closed and its record still on the screen", () => {
    const state = told(running(), { type: "call_ended", call: CALL, why: "nurse" });
    expect(lineOf(state)).toBeNull();
    expect(state.consult?.ended).toEqual({ why: "nurse", at: NOW });
  });

  it("says so when another window of the same physician took it over", () => {
    const state = told(running(), { type: "call_ended", call: CALL, why: "physician" });
    expect(state.consult?.ended?.why).toBe("elsewhere");
    const here = told(act(running(), { type: "hang_up", call: CALL }), { type: "call_ended", call: CALL, why: "physician" });
    expect(here.consult?.ended?.why).toBe("physician");
  });

  it("asks for an offer when the page was loaded within it", () => {
    const hello = { type: "welcome", version: 1, physician: "p", on_call: true, call: context() } as const;
    expect(hub(signedIn(), hello)[1]).toEqual([{ type: "want_offer" }]);
  });

  it("asks for nothing when only the connection to the hub was lost", () => {
    const hello = { type: "welcome", version: 1, physician: "p", on_call: true, call: context() } as const;
    const [state, effects] = hub(act(running(), { type: "link", link: "lost" }), hello);
    expect(effects).toEqual([]);
    expect(lineOf(state)).toBe(CALL);
  });

  it("goes on while its picture is live, even if a restarted hub does not know it", () => {
    const live = act(running(), { type: "picture", call: CALL, live: true });
    const hello = { type: "welcome", version: 1, physician: "p", on_call: true, call: null } as const;
    expect(lineOf(told(live, hello))).toBe(CALL);
    expect(lineOf(told(running(), hello))).toBeNull();
  });

  it("comes back with its note when the hub remembers it again", () => {
    const hello = { type: "welcome", version: 1, physician: "p", on_call: true } as const;
    const typed = act(running(), { type: "note_text", call: CALL, text: "Calm" });
    const [state, effects] = hub(told(typed, { ...hello, call: null }), { ...hello, call: context() });
    expect(lineOf(state)).toBe(CALL);
    expect(state.consult?.note.text).toBe("Calm");
    expect(effects).toEqual([{ type: "want_offer" }]);
  });

  it("that was hung up while the hub was away stays hung up", () => {
    const hello = { type: "welcome", version: 1, physician: "p", on_call: true, call: context() } as const;
    const home = act(running(), { type: "link", link: "lost" }, { type: "hang_up", call: CALL }, { type: "go_home" });
    const [state, effects] = hub(home, hello);
    expect(state.consult).toBeNull();
    expect(effects).toEqual([{ type: "send", message: { type: "hang_up", call: CALL } }]);
  });

  it("is over when such a call stays without a picture", () => {
    const live = act(running(), { type: "picture", call: CALL, live: true });
    const hello = { type: "welcome", version: 1, physician: "p", on_call: true, call: null } as const;
    const [frozen, effects] = step(told(live, hello), { type: "picture", call: CALL, live: false }, NOW);
    const later = effects.find((effect) => effect.type === "later");
    expect(lineOf(frozen)).toBe(CALL);
    expect(lineOf(act(frozen, later?.type === "later" ? later.input : { type: "go_home" }))).toBeNull();
  });

  it("lets no signal of another call through", () => {
    const signal = { type: "want_offer" } as const;
    expect(hub(running(), { type: "signal", call: OTHER_CALL, signal })[1]).toEqual([]);
    expect(hub(running(), { type: "signal", call: CALL, signal })[1]).toEqual([{ type: "signal", signal }]);
  });
});

describe("the session", () => {
  it("keeps an unsaved note for the same person and for nobody else", () => {
    const typed = act(
      running(),
      { type: "note_text", call: CALL, text: "Calm" },
      { type: "signed_out", problem: "You were signed out." },
    );
    const me = { name: "haddad", display_name: "Dr. Haddad" };
    expect(wantsSocket(typed)).toBe(false);
    expect(act(typed, { type: "signed_in", me }).consult?.note.text).toBe("Calm");
    expect(act(typed, { type: "signed_in", me: { ...me, name: "other" } }).consult).toBeNull();
  });

  it("is not left by accident with an unsaved note", () => {
    const typed = act(running(), { type: "note_text", call: CALL, text: "Calm" });
    const state = act(typed, { type: "sign_out" });
    expect(state.who.at).toBe("signed_in");
    expect(state.notice).toContain("note");
  });

  it("leaves nothing behind", () => {
    const [state, effects] = step(signedIn(), { type: "sign_out" }, NOW);
    expect(state).toEqual({ ...START, who: { at: "signed_out", problem: null } });
    expect(effects).toEqual([{ type: "sign_out" }]);
  });
});
