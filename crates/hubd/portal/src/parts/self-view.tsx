// What the nurse sees of the physician, small and mirrored as people know themselves.

import { useEffect, useRef } from "preact/hooks";
import type { Consult, OwnMedia } from "../state/model";

interface Props {
  readonly stream: MediaStream | null;
  readonly own: OwnMedia;
  readonly hearing: Consult["hearing"];
}

export function SelfView({ stream, own, hearing }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <div class="self">
      <video
        ref={video}
        data-testid="self-video"
        aria-label="Your own picture"
        autoplay
        muted
        playsInline
        hidden={stream === null || own.cameraOff}
      />
      {(stream === null || own.cameraOff) && <span class="self-none">{words(own)}</span>}
      {hearing?.picture && hearing.sound && (
        <span class="self-arrived" data-testid="hearing">
          The nurse sees and hears you
        </span>
      )}
    </div>
  );
}

function words(own: OwnMedia): string {
  if (!own.asked) return "Starting your camera";
  return own.camera ? "Your camera is off" : "No camera";
}
