// Joins the machine with the world: keeps the state, carries out its effects, tells who draws.

import { Camera } from "./call/camera";
import { Ear, type Columns } from "./call/ear";
import { Line } from "./call/line";
import { measure, RATE, SECONDS } from "./call/proof";
import type { Played } from "./call/peer";
import type { Picture } from "./call/picture";
import type { CallId, EntryId, Examined, NoteDraft, SignedIn } from "./hub-api";
import * as http from "./hub/http";
import type { Answer } from "./hub/http";
import { HubSocket } from "./hub/socket";
import { notSignedIn, NOT_SIGNED_OUT, notStored, SESSION_OVER } from "./hub/problems";
import { markAnswered } from "./marks";
import { lineOf, wantsSocket, type Effect, type Input } from "./state/input";
import { START, type State } from "./state/model";
import { step } from "./state/step";

/** What is seen but is no data: elements and streams of the call. */
export interface Screen {
  readonly remote: Picture | null;
  readonly exam: Picture | null;
  readonly own: MediaStream | null;
}

/**
 * A WebSocket whose other end is gone stays open for minutes, and a page does not see the hub's
 * pings. A physician on call must not wait that long to learn that nothing can ring.
 */
const CHECK_HUB_MS = 10_000;

const DARK: Screen = { remote: null, exam: null, own: null };

export class Store {
  state: State = START;
  screen: Screen = DARK;
  readonly camera = new Camera((message) => this.line?.line.send(message));
  readonly ear = new Ear((columns) => this.listeners.forEach((listener) => listener(columns)));
  /** When the cart said that its tones begin. */
  private proofBegan: number | null = null;
  private readonly listeners = new Set<(columns: Columns) => void>();
  private socket: HubSocket | null = null;
  private line: { call: CallId; line: Line } | null = null;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly socketAddress: string) {}

  readonly dispatch = (input: Input): void => {
    let effects: readonly Effect[];
    try {
      [this.state, effects] = step(this.state, input, Date.now());
    } catch {
      // A message of a known type with an unknown shape; the state is as before.
      console.warn(`Ignored: an input of type ${input.type} that this page cannot read`);
      return;
    }
    this.reconcile();
    for (const effect of effects) this.perform(effect);
    this.tell();
  };

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** What is heard through the stethoscope, until the returned function is called. */
  hear(listener: (columns: Columns) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** A kept sound is played: the live one and the room step back. */
  playsKept(on: boolean): void {
    this.ear.hush(on);
    this.line?.line.duck(on || (this.state.consult?.listening ?? false));
  }

  /** What of the stethoscope's sound was played so far, and what of it was made up. */
  async played(): Promise<Played | null> {
    return (await this.line?.line.played()) ?? null;
  }

  async start(): Promise<void> {
    await this.recognise();
    // For the life of the page.
    setInterval(() => void this.checkHub(), CHECK_HUB_MS);
  }

  /** Is there a session already? */
  async recognise(): Promise<void> {
    const answer = await http.me();
    if (answer.is === "unreachable") this.dispatch({ type: "unreachable" });
    else this.know(answer, answer.is === "refused" && answer.status === 401 ? null : notSignedIn(answer));
  }

  async signIn(name: string, password: string): Promise<void> {
    const answer = await http.signIn({ name, password });
    this.know(answer, notSignedIn(answer));
  }

  /** Must run within a press, or the browser refuses again. */
  allowSound(): void {
    this.line?.line.allowSound();
  }

  private know(answer: Answer<SignedIn>, problem: string | null): void {
    if (answer.is === "ok") this.dispatch({ type: "signed_in", me: answer.value });
    else this.dispatch({ type: "signed_out", problem });
  }

  private reconcile(): void {
    const wanted = lineOf(this.state);
    if (this.line && this.line.call !== wanted) this.hangUp();
    if (wanted !== null && this.line === null) this.line = { call: wanted, line: this.pickUp(wanted) };
    if (!wantsSocket(this.state)) {
      this.socket?.close();
      this.socket = null;
    } else {
      this.socket ??= this.connect();
    }
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case "send":
        return void this.socket?.send(effect.message);
      case "want_offer":
        return this.line?.line.wantOffer();
      case "signal":
        return this.line?.line.receive(effect.signal);
      case "own_track":
        return this.line?.line.enable(effect.kind, effect.on);
      case "listen":
        return this.listen(effect.on);
      case "look":
        return void this.line?.line.send({ type: "look", view: effect.view });
      case "examine":
        return void this.line?.line.send({ type: "examine", examined: effect.examined });
      case "await_exam":
        return this.line?.line.awaitExam();
      case "lay":
        return void this.line?.line.send({ type: "site", site: effect.site });
      case "keep_sound":
        return this.keepSound(effect);
      case "prove_sound":
        return void this.proveSound(effect.call);
      case "freeze":
        return this.freeze(effect.call, effect.request, effect.examined);
      case "put_note":
        return void this.putNote(effect.call, effect.id, effect.draft);
      case "sign_out":
        return void this.signOut();
      case "mark_answered":
        return markAnswered();
      case "later":
        return void setTimeout(() => this.dispatch(effect.input), effect.afterMs);
    }
  }

  private connect(): HubSocket {
    return new HubSocket(this.socketAddress, {
      message: (message) => this.dispatch({ type: "hub", message }),
      link: (link) => this.dispatch({ type: "link", link }),
      refused: () => void this.checkHub(),
    });
  }

  /** A WebSocket does not say why it was refused; a session that ran out is told apart this way. */
  private async checkHub(): Promise<void> {
    if (!wantsSocket(this.state)) return;
    const answer = await http.me();
    if (!wantsSocket(this.state)) return;
    if (answer.is === "unreachable" && this.state.link === "open") this.socket?.drop();
    // A call needs no session to go on; the sign-in page would only cover it.
    const inCall = lineOf(this.state) !== null;
    if (answer.is === "refused" && answer.status === 401 && !inCall) {
      this.dispatch({ type: "signed_out", problem: SESSION_OVER });
    }
  }

  private pickUp(call: CallId): Line {
    return new Line(this.state.relays, {
      signal: (signal) => this.socket?.send({ type: "signal", call, signal }),
      channel: (message) => {
        if (message.type === "proof_begins") this.proofBegan = performance.now();
        this.dispatch({ type: "channel", call, message });
      },
      picture: (live) => this.dispatch({ type: "picture", call, live }),
      age: (age) => this.dispatch({ type: "age", call, age }),
      soundBlocked: (blocked) => this.dispatch({ type: "sound_blocked", call, blocked }),
      screen: (remote) => this.show({ ...this.screen, remote }),
      exam: (exam) => this.show({ ...this.screen, exam }),
      examPicture: (is) => this.dispatch({ type: "exam_picture", call, is }),
      examAge: (age) => this.dispatch({ type: "exam_age", call, age }),
      stethoscope: (track) => this.ear.use(track),
      quality: (quality) => this.dispatch({ type: "quality", call, quality }),
      opened: () => {
        this.sayListening();
        this.dispatch({ type: "connected", call });
      },
      ownMedia: ({ tracks, problem }) => {
        this.show({ ...this.screen, own: tracks.video && new MediaStream([tracks.video]) });
        const [camera, microphone] = [tracks.video !== null, tracks.audio !== null];
        this.dispatch({ type: "own_media", camera, microphone, problem });
      },
    });
  }

  private hangUp(): void {
    this.camera.releaseAll();
    this.ear.close();
    this.line?.line.close();
    this.line = null;
    this.screen = DARK;
  }

  private async signOut(): Promise<void> {
    const answer = await http.signOut();
    if (answer.is === "unreachable") this.dispatch({ type: "signed_out", problem: NOT_SIGNED_OUT });
  }

  private listen(on: boolean): void {
    this.ear.listen(on);
    this.line?.line.duck(on);
    this.sayListening();
  }

  /** Lost when no connection is open: it is said again on the next one. */
  private sayListening(): void {
    this.line?.line.send({ type: "listen", on: this.state.consult?.listening ?? false });
  }

  private async proveSound(call: CallId): Promise<void> {
    this.proofBegan = null;
    const recording = this.ear.record(SECONDS);
    this.line?.line.send({ type: "prove_sound" });
    const recorded = await recording;
    const proven = recorded && measure(recorded.samples);
    const sent = this.proofBegan;
    const afterMs = proven && sent !== null ? recorded.began + (1_000 * proven.begins) / RATE - sent : null;
    const proof = proven ? ({ is: "done", proven, afterMs } as const) : ({ is: "failed" } as const);
    this.dispatch({ type: "proven", call, proof });
  }

  private freeze(call: CallId, request: number, examined: Examined | null): void {
    if (this.line?.line.send({ type: "freeze", request, examined })) return;
    const reason = "The connection to the cart is interrupted. Try again when the picture moves.";
    this.dispatch({ type: "channel", call, message: { type: "still_failed", request, reason } });
  }

  private keepSound({ call, request, site }: Effect & { type: "keep_sound" }): void {
    if (this.line?.line.send({ type: "keep_sound", request, site })) return;
    const reason = "The connection to the cart is interrupted. Try again when the picture moves.";
    this.dispatch({ type: "channel", call, message: { type: "sound_not_kept", request, reason } });
  }

  private async putNote(call: CallId, id: EntryId, draft: NoteDraft): Promise<void> {
    const answer = await http.putNote(id, draft);
    if (answer.is === "ok") return this.dispatch({ type: "note_stored", call, id });
    const earlierIsStored = answer.is === "refused" && answer.status === 409;
    const problem = notStored(answer);
    this.dispatch({ type: "note_not_stored", call, id, problem, earlierIsStored });
  }

  private show(screen: Screen): void {
    this.screen = screen;
    this.tell();
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher();
  }
}
