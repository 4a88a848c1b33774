// The physician's own camera and microphone: asked for once in a call, and truly off after it.

import type { OwnTracks } from "./peer";

export interface OwnMediaResult {
  readonly tracks: OwnTracks;
  /** In plain words, when something is missing. */
  readonly problem: string | null;
}

export const NOT_YET: OwnTracks = { audio: null, video: null, final: false };

const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
};

/** Both, or what there is of them: a call without the own camera is still a call. */
export async function askForOwnMedia(): Promise<OwnMediaResult> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) {
    return without("This browser gives no camera or microphone to this address. Ask your IT support for https.");
  }
  const both = await attempt(devices, { audio: AUDIO, video: VIDEO });
  if (both instanceof MediaStream) return { tracks: tracksOf(both), problem: null };
  const sound = await attempt(devices, { audio: AUDIO });
  if (sound instanceof MediaStream) {
    return { tracks: tracksOf(sound), problem: `The nurse cannot see you: ${wordsFor(both, "camera")}` };
  }
  const picture = await attempt(devices, { video: VIDEO });
  if (picture instanceof MediaStream) {
    return { tracks: tracksOf(picture), problem: `The nurse cannot hear you: ${wordsFor(sound, "microphone")}` };
  }
  return without(`The nurse cannot see or hear you: ${wordsFor(both, "camera and microphone")}`);
}

export function stop(tracks: OwnTracks): void {
  tracks.audio?.stop();
  tracks.video?.stop();
}

async function attempt(
  devices: MediaDevices,
  what: MediaStreamConstraints,
): Promise<MediaStream | string> {
  try {
    return await devices.getUserMedia(what);
  } catch (error) {
    return error instanceof DOMException ? error.name : "Unknown";
  }
}

/** The names are those of Media Capture and Streams, section 10.2. */
function wordsFor(name: string, device: string): string {
  switch (name) {
    case "NotAllowedError":
      return `this page may not use the ${device}. Allow it in the address bar of the browser.`;
    case "NotFoundError":
      return `no ${device} was found. Connect one before the next call.`;
    case "NotReadableError":
      return `the ${device} is in use by another program. Close that program.`;
    default:
      return `the ${device} could not be started.`;
  }
}

function tracksOf(stream: MediaStream): OwnTracks {
  const audio = stream.getAudioTracks()[0] ?? null;
  const video = stream.getVideoTracks()[0] ?? null;
  if (video) video.contentHint = "motion";
  return { audio, video, final: true };
}

function without(problem: string): OwnMediaResult {
  return { tracks: { ...NOT_YET, final: true }, problem };
}
