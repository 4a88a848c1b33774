// One peer connection of one generation with the cart. Knows nothing of other generations or of HTML.
//
// The cart offers, this side answers (RFC 8829); candidates trickle both ways (RFC 8838).

import type { CartOnChannel, PhysicianOnChannel, Relays, Signal } from "../hub-api";
import { readFromCart } from "../hub/messages";
import type { Counted } from "./quality";

/** Both kinds are missing until the person has allowed them, or for good. */
export interface OwnTracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
  /** The browser has answered: what is missing now stays missing. */
  readonly final: boolean;
}

/** As the statistics of WebRTC name them (webrtc-stats, RTCInboundRtpStreamStats). */
export interface Played {
  readonly totalSamplesReceived: number;
  /** Those that sound: after a while the browser falls silent, as it is before the cart sends. */
  readonly concealedSamples: number;
}

/** RTCInboundRtpStreamStats and RTCIceCandidatePairStats, as far as they are read here. */
interface Inbound {
  readonly type: string;
  readonly trackIdentifier?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly framesDecoded?: number;
  readonly totalFreezesDuration?: number;
  readonly totalSamplesReceived?: number;
  readonly concealedSamples?: number;
}

interface Pair {
  readonly nominated: boolean;
  readonly currentRoundTripTime: number;
}

interface InboundSound extends Played {
  readonly type: string;
  readonly silentConcealedSamples: number;
}

export interface PeerEvents {
  signal(signal: Signal): void;
  stream(stream: MediaStream): void;
  stethoscope(track: MediaStreamTrack): void;
  exam(track: MediaStreamTrack): void;
  /** The data channel is open. */
  opened(): void;
  channel(message: CartOnChannel): void;
  failed(): void;
}

/** A host has a handful of addresses; more than this is no peer of ours. */
const MAX_WAITING_CANDIDATES = 64;

const CHANNEL = "ctl";

/** The stream id of the cart's stethoscope (RFC 8830). */
const STETHOSCOPE = "stethoscope";

/** Of its exam cameras. */
const EXAM = "exam";

/** The physician's face at 720p; more would only take bandwidth from the patient's picture. */
const MAX_OWN_BITRATE = 1_500_000;

/** Ready before the offer comes: its key is made and the addresses of this host are found meanwhile. */
export function openConnection(relays: Relays | null): RTCPeerConnection {
  return new RTCPeerConnection({
    bundlePolicy: "max-bundle",
    iceCandidatePoolSize: 1,
    iceServers: relays?.servers ?? [],
    iceTransportPolicy: relays?.only ? "relay" : "all",
  });
}

export class Peer {
  /** All of the cart's tracks. The cart's stream ids decide what is kept in step, not this. */
  private readonly stream = new MediaStream();
  private waiting: RTCIceCandidateInit[] = [];
  private control: RTCDataChannel | null = null;
  private described = false;
  private closed = false;

  constructor(
    readonly generation: number,
    private readonly connection: RTCPeerConnection,
    private tracks: OwnTracks,
    private readonly on: PeerEvents,
  ) {
    this.connection.onicecandidate = (event) => this.tell(event.candidate);
    this.connection.ontrack = (event) => this.take(event);
    this.connection.ondatachannel = (event) => this.adopt(event.channel);
    this.connection.onconnectionstatechange = () => {
      if (this.connection.connectionState === "failed") on.failed();
    };
  }

  async answer(sdp: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: "offer", sdp });
    await this.placeTracks();
    const answer = await this.connection.createAnswer();
    await this.connection.setLocalDescription(answer);
    if (this.closed) return;
    this.on.signal({ type: "answer", generation: this.generation, sdp: answer.sdp ?? "" });
    this.described = true;
    const waiting = this.waiting;
    this.waiting = [];
    await Promise.all(waiting.map((candidate) => this.addIce(candidate)));
    await this.limitOwnVideo();
  }

  async addCandidate(mline: number, candidate: string): Promise<void> {
    const init = { candidate, sdpMLineIndex: mline };
    if (this.described) return this.addIce(init);
    if (this.waiting.length < MAX_WAITING_CANDIDATES) this.waiting.push(init);
  }

  /** Takes effect without a new offer: the directions already allow it. */
  async useTracks(tracks: OwnTracks): Promise<void> {
    this.tracks = tracks;
    if (!this.described || this.closed) return;
    for (const kind of ["audio", "video"] as const) {
      await this.transceiver(kind)?.sender.replaceTrack(tracks[kind]);
    }
    await this.limitOwnVideo();
  }

  /** False while the channel is not open. */
  send(message: PhysicianOnChannel): boolean {
    if (this.control?.readyState !== "open") return false;
    this.control.send(JSON.stringify(message));
    return true;
  }

  /** Of the stethoscope, since the connection was made: what was played, and what of it the browser made up. */
  async played(track: MediaStreamTrack): Promise<Played | null> {
    let found: Played | null = null;
    (await this.connection.getStats(track)).forEach((one: Partial<InboundSound>) => {
      const { type, totalSamplesReceived, concealedSamples = 0, silentConcealedSamples = 0 } = one;
      if (type !== "inbound-rtp" || totalSamplesReceived === undefined) return;
      found = { totalSamplesReceived, concealedSamples: concealedSamples - silentConcealedSamples };
    });
    return found;
  }

  /** Of picture and room sound, and of the network under them. */
  async counted(): Promise<Counted | null> {
    const tracks = new Set(this.stream.getTracks().map(({ id }) => id));
    const lines: Inbound[] = [];
    let roundTrip: number | null = null;
    (await this.connection.getStats()).forEach((one: Inbound & Partial<Pair>) => {
      if (one.type === "inbound-rtp" && tracks.has(one.trackIdentifier ?? "")) lines.push(one);
      if (one.type === "candidate-pair" && one.nominated) roundTrip = one.currentRoundTripTime ?? null;
    });
    if (lines.length === 0) return null;
    const sum = (of: (line: Inbound) => number | undefined) => lines.reduce((all, line) => all + (of(line) ?? 0), 0);
    return {
      at: performance.now(),
      packetsReceived: sum((line) => line.packetsReceived),
      packetsLost: sum((line) => line.packetsLost),
      framesDecoded: sum((line) => line.framesDecoded),
      freezeSeconds: sum((line) => line.totalFreezesDuration),
      samplesPlayed: sum((line) => line.totalSamplesReceived),
      samplesMadeUp: sum((line) => line.concealedSamples),
      roundTrip,
    };
  }

  close(): void {
    this.closed = true;
    this.connection.onicecandidate = this.connection.ontrack = null;
    this.connection.ondatachannel = this.connection.onconnectionstatechange = null;
    if (this.control) this.control.onmessage = this.control.onopen = null;
    this.connection.close();
  }

  /** The first line of each kind is the conversation; further ones only show what the cart sends. */
  private transceiver(kind: "audio" | "video"): RTCRtpTransceiver | undefined {
    return this.connection.getTransceivers().find((one) => one.receiver.track.kind === kind);
  }

  private async placeTracks(): Promise<void> {
    for (const kind of ["audio", "video"] as const) {
      const transceiver = this.transceiver(kind);
      if (transceiver === undefined) continue;
      const track = this.tracks[kind];
      await transceiver.sender.replaceTrack(track);
      // While the browser still asks the person, the way stays open, so that the cart's picture
      // does not wait for the answer.
      transceiver.direction = track === null && this.tracks.final ? "recvonly" : "sendrecv";
    }
  }

  private async limitOwnVideo(): Promise<void> {
    const sender = this.transceiver("video")?.sender;
    if (this.closed || sender === undefined || sender.track === null) return;
    const parameters = sender.getParameters();
    const encoding = parameters.encodings[0];
    if (encoding === undefined) return;
    encoding.maxBitrate = MAX_OWN_BITRATE;
    // A moving face in a smaller picture serves a conversation better than a sharp one that stutters.
    const preferring = Object.assign(parameters, { degradationPreference: "maintain-framerate" });
    try {
      await sender.setParameters(preferring);
    } catch {
      console.warn("This browser keeps its own limits for the picture it sends");
    }
  }

  private tell(candidate: RTCIceCandidate | null): void {
    if (candidate === null || candidate.candidate === "") return;
    this.on.signal({
      type: "ice",
      generation: this.generation,
      mline: candidate.sdpMLineIndex ?? 0,
      candidate: candidate.candidate,
    });
  }

  private take(event: RTCTrackEvent): void {
    // Zero on video only: a camera that is moved by hand needs its picture now, and audio would tear.
    if (event.track.kind === "video") showAtOnce(event.receiver);
    // Neither in step with the picture nor as loud as voices: it has a way of its own.
    if (event.streams[0]?.id === STETHOSCOPE) return this.on.stethoscope(event.track);
    // A picture of its own, and not counted as the conversation's.
    if (event.streams[0]?.id === EXAM) return this.on.exam(event.track);
    this.stream.addTrack(event.track);
    this.on.stream(this.stream);
  }

  private adopt(channel: RTCDataChannel): void {
    if (channel.label !== CHANNEL) return;
    this.control = channel;
    channel.onopen = () => this.on.opened();
    if (channel.readyState === "open") this.on.opened();
    channel.onmessage = (event: MessageEvent<unknown>) => {
      const message = readFromCart(event.data);
      if (message !== null) this.on.channel(message);
    };
  }

  private async addIce(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.connection.addIceCandidate(candidate);
    } catch {
      // One address that this browser cannot use; the others decide whether there is a way.
      console.warn("Ignored from the cart: a candidate that this browser cannot use");
    }
  }
}

function showAtOnce(receiver: RTCRtpReceiver): void {
  Object.assign(receiver, { jitterBufferTarget: 0, playoutDelayHint: 0 });
}
