// What the physician does in a call: take a still, mute, camera off, hang up.

import type { Consult, OwnMedia } from "../state/model";
import { useStore } from "../use-store";
import { Icon } from "./icons";
import { ListenButton } from "./listen-panel";

interface Props {
  consult: Consult;
  own: OwnMedia;
  onFreeze: () => void;
}

export function CallBar({ consult, own, onFreeze }: Props) {
  const { dispatch } = useStore();
  const { call, still } = consult;
  const taking = still.is === "taking";
  return (
    <div class="call-bar" role="toolbar" aria-label="Call">
      <button class="button primary" type="button" data-testid="freeze" disabled={taking} onClick={onFreeze}>
        <Icon name="still" />
        {taking ? "Taking still…" : "Freeze"}
      </button>
      <ListenButton consult={consult} />
      <p class="keys-hint" aria-hidden="true">
        <kbd>←↑↓→</kbd> move <kbd>+</kbd> <kbd>−</kbd> zoom <kbd>Home</kbd> straight <kbd>F</kbd> freeze
      </p>
      <button
        class={own.muted ? "button is-off" : "button"}
        type="button"
        data-testid="mute"
        disabled={!own.microphone}
        onClick={() => dispatch({ type: "mute", on: !own.muted })}
      >
        <Icon name="microphone" struck={own.muted} />
        {own.muted ? "Unmute" : "Mute"}
      </button>
      <button
        class={own.cameraOff ? "button is-off" : "button"}
        type="button"
        data-testid="camera-off"
        disabled={!own.camera}
        onClick={() => dispatch({ type: "camera_off", on: !own.cameraOff })}
      >
        <Icon name="camera" struck={own.cameraOff} />
        {own.cameraOff ? "Camera on" : "Camera off"}
      </button>
      <button
        class="button hang-up"
        type="button"
        data-testid="hang-up"
        onClick={() => dispatch({ type: "hang_up", call })}
      >
        <Icon name="phone" />
        Hang up
      </button>
    </div>
  );
}
