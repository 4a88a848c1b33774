// Joins the machine with the world: keeps the state, carries out its effects, tells who draws.

import { Camera } from "./call/camera";
import { Line } from "./call/line";
import type { Picture } from "./call/picture";
import type { CallId, EntryId, NoteDraft } from "./hub-api";
import * as http from "./hub/http";
import { HubSocket } from "./hub/socket";
import { markAnswered } from "./marks";
import { lineOf, wantsSocket, type Effect, type Input } from "./state/input";
import { START, type State } from "./state/model";
import { step } from "./state/step";

/** What is seen but is no data: elements and streams of the call. */
export interface Screen {
  readonly remote: Picture | null;
  readonly own: MediaStream | null;
}

const DARK: Screen = { remote: null, own: null };

export class Store {
  state: State = START;
  screen: Screen = DARK;
  readonly camera = new Camera((message) => this.line?.line.send(message));
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

  async start(): Promise<void> {
    this.know(await http.me(), null);
  }

  async signIn(name: string, password: string): Promise<void> {
    this.know(await http.signIn({ name, password }), "That name or password is not right.");
  }

  allowSound(call: CallId): void {
    this.line?.line.allowSound();
    this.dispatch({ type: "sound_blocked", call, blocked: false });
  }

  private know(answer: Awaited<ReturnType<typeof http.me>>, wrong: string | null): void {
    if (answer.is === "ok") this.dispatch({ type: "signed_in", me: answer.value });
    else if (answer.is === "unreachable") this.unreachable(wrong !== null);
    else {
      const problem = answer.status === 401 || answer.status === 403 ? wrong : answer.reason;
      this.dispatch({ type: "signed_out", problem });
    }
  }

  private unreachable(signingIn: boolean): void {
    if (!signingIn) return this.dispatch({ type: "unreachable" });
    const problem = "The hub cannot be reached. Check your network and try again.";
    this.dispatch({ type: "signed_out", problem });
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
      case "freeze":
        return this.freeze(effect.call, effect.request);
      case "put_note":
        return void this.putNote(effect.call, effect.id, effect.draft);
      case "sign_out":
        return void http.signOut();
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
      refused: () => void this.checkSession(),
    });
  }

  /** A WebSocket does not say why it was refused; a session that ran out is told apart this way. */
  private async checkSession(): Promise<void> {
    const answer = await http.me();
    if (answer.is === "refused" && answer.status === 401 && wantsSocket(this.state)) {
      this.dispatch({ type: "signed_out", problem: "You were signed out. Sign in to go on." });
    }
  }

  private pickUp(call: CallId): Line {
    return new Line({
      signal: (signal) => this.socket?.send({ type: "signal", call, signal }),
      channel: (message) => this.dispatch({ type: "channel", call, message }),
      picture: (live) => this.dispatch({ type: "picture", call, live }),
      soundBlocked: () => this.dispatch({ type: "sound_blocked", call, blocked: true }),
      screen: (remote) => this.show({ ...this.screen, remote }),
      ownMedia: ({ tracks, problem }) => {
        this.show({ ...this.screen, own: tracks.video && new MediaStream([tracks.video]) });
        const [camera, microphone] = [tracks.video !== null, tracks.audio !== null];
        this.dispatch({ type: "own_media", camera, microphone, problem });
      },
    });
  }

  private hangUp(): void {
    this.camera.releaseAll();
    this.line?.line.close();
    this.line = null;
    this.screen = DARK;
  }

  private freeze(call: CallId, request: number): void {
    if (this.line?.line.send({ type: "freeze", request })) return;
    const reason = "The connection to the cart is interrupted. Try again when the picture moves.";
    this.dispatch({ type: "channel", call, message: { type: "still_failed", request, reason } });
  }

  private async putNote(call: CallId, id: EntryId, draft: NoteDraft): Promise<void> {
    const answer = await http.putNote(id, draft);
    if (answer.is === "ok") return this.dispatch({ type: "note_stored", call, id });
    const problem =
      answer.is === "refused"
        ? answer.reason
        : "Not saved: the hub cannot be reached. The text stays here; press Save again.";
    const earlierIsStored = answer.is === "refused" && answer.status === 409;
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
