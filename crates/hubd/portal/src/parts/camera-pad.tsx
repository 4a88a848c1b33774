// Buttons that move the cart's camera for as long as they are held.

import type { Camera, Way } from "../call/camera";
import { Icon, type IconName } from "./icons";

interface Hold {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  readonly way: Way;
}

const ARROWS: readonly Hold[] = [
  { id: "move-up", label: "Move camera up", icon: "up", way: { pan: 0, tilt: 1, zoom: 0 } },
  { id: "move-left", label: "Move camera left", icon: "left", way: { pan: -1, tilt: 0, zoom: 0 } },
  { id: "move-right", label: "Move camera right", icon: "right", way: { pan: 1, tilt: 0, zoom: 0 } },
  { id: "move-down", label: "Move camera down", icon: "down", way: { pan: 0, tilt: -1, zoom: 0 } },
];

const ZOOMS: readonly Hold[] = [
  { id: "zoom-in", label: "Zoom in", icon: "plus", way: { pan: 0, tilt: 0, zoom: 1 } },
  { id: "zoom-out", label: "Zoom out", icon: "minus", way: { pan: 0, tilt: 0, zoom: -1 } },
];

export function CameraPad({ camera }: { camera: Camera }) {
  return (
    <div class="pad" role="group" aria-label="Camera of the cart">
      <div class="pad-arrows">
        {ARROWS.map((hold) => (
          <HoldButton key={hold.id} hold={hold} camera={camera} />
        ))}
        <button
          class="pad-button home-view"
          type="button"
          data-testid="home-view"
          aria-label="Straight, wide view"
          title="Straight, wide view (Home)"
          onClick={() => camera.home()}
        >
          <Icon name="home" />
        </button>
      </div>
      <div class="pad-zoom">
        {ZOOMS.map((hold) => (
          <HoldButton key={hold.id} hold={hold} camera={camera} />
        ))}
      </div>
    </div>
  );
}

function HoldButton({ hold, camera }: { hold: Hold; camera: Camera }) {
  const { id, label, icon, way } = hold;
  const release = () => camera.release(id);
  return (
    <button
      class={`pad-button ${id}`}
      type="button"
      data-testid={id}
      aria-label={label}
      title={`${label} (hold)`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        // A finger that slides off the button still ends the movement here.
        event.currentTarget.setPointerCapture(event.pointerId);
        camera.hold(id, way);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onBlur={release}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        if (!event.repeat) camera.hold(id, way);
      }}
      onKeyUp={release}
      // A long press must not open a menu on a tablet.
      onContextMenu={(event) => event.preventDefault()}
    >
      <Icon name={icon} />
    </button>
  );
}
