// The line of one call: own camera and microphone, and the generations of peer connections.
//
// A new generation is shown with its first picture, and only then is the one before it closed.

import type { CartOnChannel, PhysicianOnChannel, Relays, Signal } from "../hub-api";
import { markFirstFrame, markOffer } from "../marks";
import { ExamPicture } from "./exam-picture";
import { FreezeWatch } from "./freeze-watch";
import { askForOwnMedia, NOT_YET, stop, type OwnMediaResult } from "./own-media";
import { openConnection, Peer, type OwnTracks, type Played } from "./peer";
import { Picture } from "./picture";
import { PictureAge } from "./picture-age";
import { type Quality, QualityWatch } from "./quality";

export interface LineEvents {
  signal(signal: Signal): void;
  channel(message: CartOnChannel): void;
  /** The picture on the screen came to life or stopped. */
  picture(live: boolean): void;
  /** Every second: of the picture that is live, in milliseconds; null: not known. */
  age(age: number | null): void;
  /** Another element is to be shown; it belongs to the newest generation that has a picture. */
  screen(picture: Picture): void;
  ownMedia(result: OwnMediaResult): void;
  soundBlocked(blocked: boolean): void;
  /** Of the connection on the screen; null while there is none. */
  stethoscope(track: MediaStreamTrack | null): void;
  /** Of the exam cameras, on the connection on the screen; null: it has none. */
  exam(picture: Picture | null): void;
  examPicture(is: "awaited" | "live" | "frozen"): void;
  examAge(age: number | null): void;
  /** Every second, while the picture is live; null: not known. */
  quality(quality: Quality | null): void;
  /** A new connection takes messages: it knows nothing of what was said on an older one. */
  opened(): void;
}

interface Generation {
  readonly peer: Peer;
  readonly picture: Picture;
  readonly watch: FreezeWatch;
  readonly age: PictureAge;
  stethoscope: MediaStreamTrack | null;
  exam: ExamPicture | null;
}

const CHECK_MS = 100;
const COUNT_MS = 1_000;

/** A new offer and its first picture take up to two seconds; asking again sooner would undo them. */
const ASK_AGAIN_MS = 4_000;

/** The patient's picture comes first: starting the own camera takes time from decoding it. */
const OWN_MEDIA_AFTER_MS = 1_000;

/** Of the room's sound while the physician listens to a chest. */
const DUCKED = 0.15;

/** A short outage heals faster on the old connection than on a new one. */
const FROZEN_PATIENCE_MS = 2_000;

export class Line {
  private shown: Generation | null = null;
  private next: Generation | null = null;
  private newest = -1;
  /** For the first offer, which is on its way; later ones find a picture on the screen. */
  private spare: RTCPeerConnection | null;
  private tracks: OwnTracks = NOT_YET;
  private live = false;
  /** When the cart is asked for a new offer, unless there is a live picture by then. */
  private askAt = performance.now() + ASK_AGAIN_MS;
  private closed = false;
  private asked = false;
  private ducked = false;
  private readonly watch = new QualityWatch();
  private readonly counting = setInterval(() => void this.count(), COUNT_MS);
  private readonly timer = setInterval(() => this.check(), CHECK_MS);
  private readonly ownMediaTimer = setTimeout(() => void this.turnOn(), OWN_MEDIA_AFTER_MS);

  constructor(
    private readonly relays: Relays | null,
    private readonly on: LineEvents,
  ) {
    this.spare = openConnection(relays);
  }

  receive(signal: Signal): void {
    if (signal.type === "offer") {
      if (signal.generation > this.newest) void this.accept(signal.generation, signal.sdp);
      return;
    }
    if (signal.type !== "ice") return;
    for (const one of [this.next, this.shown]) {
      if (one?.peer.generation === signal.generation) {
        void one.peer.addCandidate(signal.mline, signal.candidate);
      }
    }
  }

  wantOffer(): void {
    this.askAt = performance.now() + ASK_AGAIN_MS;
    this.on.signal({ type: "want_offer" });
  }

  /** Over the newest connection that is open; false when none is. */
  send(message: PhysicianOnChannel): boolean {
    return this.next?.peer.send(message) || this.shown?.peer.send(message) || false;
  }

  enable(kind: "audio" | "video", on: boolean): void {
    const track = this.tracks[kind];
    if (track) track.enabled = on;
  }

  /** The room steps back behind the stethoscope. */
  duck(on: boolean): void {
    this.ducked = on;
    this.shown?.picture.setVolume(on ? DUCKED : 1);
  }

  /** Of the stethoscope on the connection that is on the screen. */
  async played(): Promise<Played | null> {
    const { peer, stethoscope } = this.shown ?? {};
    return (stethoscope && (await peer?.played(stethoscope))) ?? null;
  }

  /** Another examination begins: no frame until now belongs to it. */
  awaitExam(): void {
    for (const one of [this.next, this.shown]) one?.exam?.restart();
  }

  allowSound(): void {
    this.shown?.picture.unmute();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    clearInterval(this.counting);
    clearTimeout(this.ownMediaTimer);
    for (const one of [this.next, this.shown]) end(one);
    this.next = this.shown = null;
    this.on.stethoscope(null);
    this.on.exam(null);
    this.spare?.close();
    this.spare = null;
    stop(this.tracks);
  }

  private async turnOn(): Promise<void> {
    if (this.asked) return;
    this.asked = true;
    const result = await askForOwnMedia();
    if (this.closed) return stop(result.tracks);
    this.tracks = result.tracks;
    this.on.ownMedia(result);
    // A page that may listen may also play.
    this.shown?.picture.unmute();
    await Promise.all([this.next, this.shown].map((one) => one?.peer.useTracks(this.tracks)));
  }

  private async accept(generation: number, sdp: string): Promise<void> {
    markOffer(generation);
    this.newest = generation;
    this.askAt = performance.now() + ASK_AGAIN_MS;
    end(this.next);
    const made = this.make(generation);
    this.next = made;
    // Without an earlier picture there is nothing to keep, and sound need not wait for the picture.
    if (this.shown === null) this.swap(made);
    try {
      await made.peer.answer(sdp);
    } catch {
      console.warn("Ignored from the cart: an offer that this browser cannot answer");
    }
  }

  private make(generation: number): Generation {
    const watch = new FreezeWatch((live) => this.changed(made, live));
    const age = new PictureAge();
    const picture = new Picture({
      first: () => this.firstFrame(made),
      frame: (shown, captured) => {
        watch.frame(performance.now());
        age.frame(shown, captured);
      },
      soundBlocked: this.on.soundBlocked,
    });
    const connection = this.spare ?? openConnection(this.relays);
    this.spare = null;
    const peer = new Peer(generation, connection, this.tracks, {
      signal: this.on.signal,
      channel: this.on.channel,
      stream: (stream) => picture.show(stream),
      stethoscope: (track) => this.hear(made, track),
      exam: (track) => this.look(made, track),
      opened: this.on.opened,
      failed: () => this.failed(made),
    });
    const made: Generation = { peer, picture, watch, age, stethoscope: null, exam: null };
    return made;
  }

  private firstFrame(made: Generation): void {
    const { generation } = made.peer;
    markFirstFrame(generation);
    void this.turnOn();
    if (this.next === made) this.swap(made);
    this.on.signal({ type: "shown", generation });
  }

  private swap(made: Generation): void {
    const before = this.shown;
    this.shown = made;
    this.next = null;
    made.picture.setVolume(this.ducked ? DUCKED : 1);
    made.picture.unmute();
    this.on.screen(made.picture);
    this.on.stethoscope(made.stethoscope);
    // With the room's, because the generation before ends here. Its pictures often come before the
    // swap; where they have not, the page says that it waits and shows nothing of before.
    this.on.exam(made.exam?.picture ?? null);
    this.on.examPicture(made.exam?.live ? "live" : "awaited");
    end(before);
  }

  private async count(): Promise<void> {
    // Taken also while nothing is live, so that nothing of before is told afterwards.
    const age = this.shown?.age.take() ?? null;
    this.on.age(this.live ? age : null);
    if (this.shown?.exam) this.on.examAge(this.shown.exam.age.take());
    const counted = this.live ? await this.shown?.peer.counted() : null;
    if (!this.closed) this.on.quality(this.watch.next(counted ?? null));
  }

  private hear(made: Generation, track: MediaStreamTrack): void {
    made.stethoscope = track;
    if (this.shown === made) this.on.stethoscope(track);
  }

  private look(made: Generation, track: MediaStreamTrack): void {
    made.exam = new ExamPicture(track, (live) => {
      if (!this.closed && this.shown === made) this.on.examPicture(live ? "live" : "frozen");
    });
    if (this.shown === made) this.on.exam(made.exam.picture);
  }

  private changed(made: Generation, live: boolean): void {
    if (this.closed || this.shown !== made) return;
    this.live = live;
    if (!live) this.askAt = Math.max(this.askAt, performance.now() + FROZEN_PATIENCE_MS);
    this.on.picture(live);
  }

  private failed(made: Generation): void {
    if (!this.closed && made.peer.generation === this.newest) this.wantOffer();
  }

  private check(): void {
    const now = performance.now();
    const visible = document.visibilityState === "visible";
    this.shown?.watch.check(now, visible);
    this.shown?.exam?.check(now, visible);
    this.next?.exam?.check(now, visible);
    // A hidden page presents no frame to wait for, but the physician still listens.
    if (!visible && this.next?.picture.hasStream) this.swap(this.next);
    if (!this.live && now > this.askAt) this.wantOffer();
  }
}

function end(generation: Generation | null): void {
  generation?.peer.close();
  generation?.picture.close();
  generation?.exam?.picture.close();
}
