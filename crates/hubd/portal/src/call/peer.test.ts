import { beforeEach, expect, it, vi } from "vitest";
import type { Signal } from "../hub-api";
import { openConnection, Peer, type OwnTracks } from "./peer";

type Kind = "audio" | "video";

class FakeTransceiver {
  direction = "recvonly";
  readonly receiver: { track: { kind: Kind } };
  readonly sender = {
    track: null as MediaStreamTrack | null,
    replaceTrack: async (track: MediaStreamTrack | null) => void (this.sender.track = track),
    getParameters: () => ({ encodings: [{}] }),
    setParameters: async (parameters: object) => void (this.parameters = parameters),
  };
  parameters: object | null = null;

  constructor(kind: Kind) {
    this.receiver = { track: { kind } };
  }
}

class FakeConnection {
  static last: FakeConnection;
  readonly transceivers = (["video", "audio", "video"] as const).map((kind) => new FakeTransceiver(kind));
  readonly candidates: RTCIceCandidateInit[] = [];
  onicecandidate: ((event: { candidate: object | null }) => void) | null = null;
  ontrack: ((event: object) => void) | null = null;

  constructor(readonly configuration: RTCConfiguration) {
    FakeConnection.last = this;
  }

  getTransceivers = () => this.transceivers;
  setRemoteDescription = async () => {};
  createAnswer = async () => ({ type: "answer", sdp: "answer" });
  setLocalDescription = async () => {};
  addIceCandidate = async (candidate: RTCIceCandidateInit) => void this.candidates.push(candidate);
  close() {}
}

const camera = { kind: "video" } as MediaStreamTrack;
const microphone = { kind: "audio" } as MediaStreamTrack;

let signals: Signal[];

beforeEach(() => {
  vi.stubGlobal("RTCPeerConnection", FakeConnection);
  vi.stubGlobal("MediaStream", class { addTrack() {} });
  signals = [];
});

function peer(tracks: OwnTracks, shown: string[] = []): Peer {
  const ignore = () => {};
  return new Peer(7, openConnection(null), tracks, {
    signal: (one) => signals.push(one),
    stream: () => shown.push("room"),
    stethoscope: ignore,
    exam: () => shown.push("exam"),
    opened: ignore,
    channel: ignore,
    failed: ignore,
  });
}

function directions(): string[] {
  return FakeConnection.last.transceivers.map((one) => one.direction);
}

it("answers with the own picture and sound on the first line of each kind", async () => {
  await peer({ audio: microphone, video: camera, final: true }).answer("offer");
  expect(signals).toEqual([{ type: "answer", generation: 7, sdp: "answer" }]);
  expect(directions()).toEqual(["sendrecv", "sendrecv", "recvonly"]);
  const [first] = FakeConnection.last.transceivers;
  expect(first?.parameters).toMatchObject({
    degradationPreference: "maintain-framerate",
    encodings: [{ maxBitrate: 1_500_000 }],
  });
});

it("joins to listen and watch when the person allows no camera and no microphone", async () => {
  await peer({ audio: null, video: null, final: true }).answer("offer");
  expect(directions()).toEqual(["recvonly", "recvonly", "recvonly"]);
});

it("does not wait for the person to allow the camera, and uses it as soon as they do", async () => {
  const one = peer({ audio: null, video: null, final: false });
  await one.answer("offer");
  expect(directions()).toEqual(["sendrecv", "sendrecv", "recvonly"]);
  await one.useTracks({ audio: microphone, video: camera, final: true });
  const senders = FakeConnection.last.transceivers.map((each) => each.sender.track);
  expect(senders).toEqual([camera, microphone, null]);
});

it("keeps candidates that come before the offer, but not without end", async () => {
  const one = peer({ audio: null, video: null, final: true });
  for (let number = 0; number < 100; number += 1) await one.addCandidate(0, `candidate:${number}`);
  expect(FakeConnection.last.candidates).toHaveLength(0);
  await one.answer("offer");
  expect(FakeConnection.last.candidates).toHaveLength(64);
  await one.addCandidate(1, "candidate:late");
  expect(FakeConnection.last.candidates.at(-1)).toEqual({ candidate: "candidate:late", sdpMLineIndex: 1 });
});

it("sends its own candidates with the generation, and no empty one", () => {
  peer({ audio: null, video: null, final: true });
  FakeConnection.last.onicecandidate?.({ candidate: { candidate: "candidate:1", sdpMLineIndex: 1 } });
  FakeConnection.last.onicecandidate?.({ candidate: { candidate: "", sdpMLineIndex: 0 } });
  FakeConnection.last.onicecandidate?.({ candidate: null });
  expect(signals).toEqual([{ type: "ice", generation: 7, mline: 1, candidate: "candidate:1" }]);
});

it("takes the relays of the hub from the first moment, and no other way where it is told so", () => {
  const server = { urls: ["turn:relay.example:3478?transport=tcp"], username: "1:a", credential: "c" };
  openConnection({ servers: [server], only: true });
  expect(FakeConnection.last.configuration).toMatchObject({ iceServers: [server], iceTransportPolicy: "relay" });
  openConnection({ servers: [server], only: false });
  expect(FakeConnection.last.configuration.iceTransportPolicy).toBe("all");
  openConnection(null);
  expect(FakeConnection.last.configuration).toMatchObject({ iceServers: [], iceTransportPolicy: "all" });
});

it("tells the exam camera's picture from the room's", () => {
  const shown: string[] = [];
  peer({ audio: null, video: null, final: true }, shown);
  for (const id of ["conversation", "exam"]) {
    FakeConnection.last.ontrack?.({ track: { kind: "video" }, receiver: {}, streams: [{ id }] });
  }
  expect(shown).toEqual(["room", "exam"]);
});
