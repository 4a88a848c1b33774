// The page as a machine: one input and the time in, the new state and what to do out.
//
// Knows no WebSocket, WebRTC or HTML; `Store` carries out the effects in order.

import { VERSION, type CallEnd, type ConsultContext, type HubToPortal } from "../hub-api";
import { stepConsult } from "./consult-step";
import type { ConsultInput, Effect, Input, Step } from "./input";
import { closeBecause, join, learn, rejoin, shelve } from "./joining";
import { hasUnsavedNote, START, type Consult, type EndedWhy, type Link, type State } from "./model";
import { unconfirmed } from "./prescribing";
import { doubted } from "./watching";

export function step(state: State, input: Input, now: number): Step<State> {
  switch (input.type) {
    case "signed_in":
      return signedIn(state, input.me);
    case "signed_out":
      return [{ ...state, who: { at: "signed_out", problem: input.problem } }, []];
    case "unreachable":
      return [{ ...state, who: { at: "unreachable" } }, []];
    case "sign_out":
      return signOut(state);
    case "link":
      return [linked(state, input.link), []];
    case "hub":
      return hear(state, input.message, now);
    case "set_on_call":
      return [{ ...state, onCall: input.onCall }, [send({ type: "on_call", on_call: input.onCall })]];
    case "answer":
      return answer(state, input.call);
    case "decline":
      return [without(state, input.call), [send({ type: "decline", call: input.call })]];
    case "own_media":
      return [{ ...state, own: { ...state.own, ...allowed(input) } }, []];
    case "mute":
      return [{ ...state, own: { ...state.own, muted: input.on } }, [ownTrack("audio", !input.on)]];
    case "camera_off":
      return [{ ...state, own: { ...state.own, cameraOff: input.on } }, [ownTrack("video", !input.on)]];
    case "dismiss_notice":
      return [{ ...state, notice: null }, []];
    case "open_shelved":
      return openShelved(state, input.call);
    case "go_home":
      return [shelve(state), []];
    default:
      return concern(state, input, now);
  }
}

/** Without the hub nothing can be answered; what still rings is told anew after every connection. */
function linked(state: State, link: Link): State {
  if (link === "open") return { ...state, link };
  return { ...state, link, ringing: [], answering: null, consult: state.consult && doubted(state.consult) };
}

function signedIn(state: State, me: { name: string; display_name: string }): Step<State> {
  // After a session that ran out, the same person finds an unsaved note again; nobody else does.
  const kept = state.owner === me.name ? state : START;
  return [{ ...kept, who: { at: "signed_in", me }, owner: me.name }, []];
}

function signOut(state: State): Step<State> {
  const consults = state.consult === null ? state.shelf : [...state.shelf, state.consult];
  if (consults.some(hasUnsavedNote)) {
    return [{ ...state, notice: "A note is not saved yet. Save it or clear it, then sign out." }, []];
  }
  const signedOut: State = { ...START, who: { at: "signed_out", problem: null } };
  return [signedOut, [{ type: "sign_out" }]];
}

function hear(state: State, message: HubToPortal, now: number): Step<State> {
  switch (message.type) {
    case "welcome":
      return welcome(state, message, now);
    case "carts":
      return [{ ...state, carts: message.carts }, []];
    case "ringing":
      return [{ ...without(state, message.context.call), ringing: ring(state, message.context) }, []];
    case "ringing_stopped":
      return [ringingStopped(state, message.call), []];
    case "relays":
      return [{ ...state, relays: message.relays }, []];
    case "joined":
      return [join(without(state, message.context.call), message.context, now), []];
    case "call_ended":
      return onConsult(without(state, message.call), message.call, (consult) => [
        closeBecause(consult, whyHere(message.why), now),
        [],
      ]);
    case "signal":
      return isRunning(state, message.call)
        ? [state, [{ type: "signal", signal: message.signal }]]
        : [state, []];
    case "cart_online":
      return onConsult(state, message.call, (consult) => [cartIs(consult, message.online), []]);
    case "recorded":
    case "early_warning":
    case "monitoring":
    case "delivered":
      return [learn(state, message, now), []];
    case "refused":
      return [refused(state, message.reason), []];
  }
}

/** The hub does not say what it refuses: whatever waits for it waits no longer. */
function refused(state: State, reason: string): State {
  return { ...state, answering: null, notice: reason, consult: state.consult && unconfirmed(state.consult, reason) };
}

function cartIs(consult: Consult, online: boolean): Consult {
  const told = { ...consult, cartOnline: online };
  return online ? told : doubted(told);
}

function welcome(state: State, hello: HubToPortal & { type: "welcome" }, now: number): Step<State> {
  const notice =
    hello.version === VERSION ? state.notice : "The hub was updated. Reload this page before the next call.";
  const fresh: State = { ...state, onCall: hello.on_call, ringing: [], answering: null, notice };
  return rejoin(fresh, hello.call, now);
}

function ring(state: State, context: ConsultContext): readonly ConsultContext[] {
  return [...state.ringing.filter((other) => other.call !== context.call), context];
}

function answer(state: State, call: string): Step<State> {
  if (state.answering !== null) return [state, []];
  return [
    { ...state, answering: call, own: START.own },
    [{ type: "mark_answered" }, send({ type: "answer", call })],
  ];
}

function ringingStopped(state: State, call: string): State {
  if (state.answering !== call) return without(state, call);
  const notice = "That call was just taken by a colleague or taken back.";
  return { ...without(state, call), notice };
}

function without(state: State, call: string): State {
  const answering = state.answering === call ? null : state.answering;
  return { ...state, answering, ringing: state.ringing.filter((other) => other.call !== call) };
}

function openShelved(state: State, call: string): Step<State> {
  const found = state.shelf.find((consult) => consult.call === call);
  if (found === undefined) return [state, []];
  const left = shelve(state);
  return [{ ...left, consult: found, shelf: left.shelf.filter((other) => other !== found) }, []];
}

function concern(state: State, input: ConsultInput, now: number): Step<State> {
  const left = input.type === "hang_up" ? input.call : state.left;
  return onConsult({ ...state, left }, input.call, (consult) => stepConsult(consult, input, now));
}

function onConsult(
  state: State,
  call: string,
  change: (consult: Consult) => Step<Consult>,
): Step<State> {
  if (state.consult?.call === call) {
    const [consult, effects] = change(state.consult);
    return [{ ...state, consult }, effects];
  }
  const shelved = state.shelf.find((consult) => consult.call === call);
  if (shelved === undefined) return [state, []];
  const [changed, effects] = change(shelved);
  return [{ ...state, shelf: state.shelf.map((one) => (one === shelved ? changed : one)) }, effects];
}

function isRunning(state: State, call: string): boolean {
  return state.consult?.call === call && state.consult.ended === null;
}

/** Had it been ended by a press in this window, it would be over here already. */
function whyHere(why: CallEnd): EndedWhy {
  return why === "physician" ? "elsewhere" : why;
}

function allowed(input: Input & { type: "own_media" }) {
  return { asked: true, camera: input.camera, microphone: input.microphone, problem: input.problem };
}

function ownTrack(kind: "audio" | "video", on: boolean): Effect {
  return { type: "own_track", kind, on };
}

function send(message: (Effect & { type: "send" })["message"]): Effect {
  return { type: "send", message };
}
