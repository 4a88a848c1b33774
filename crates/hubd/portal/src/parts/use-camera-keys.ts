// The keyboard as camera control: arrows, plus, minus, Home, and F to take a still.

import { useEffect, useRef } from "preact/hooks";
import { STILL, type Camera, type Way } from "../call/camera";

const WAYS: Record<string, Way> = {
  ArrowLeft: { ...STILL, pan: -1 },
  ArrowRight: { ...STILL, pan: 1 },
  ArrowUp: { ...STILL, tilt: 1 },
  ArrowDown: { ...STILL, tilt: -1 },
  "+": { ...STILL, zoom: 1 },
  "=": { ...STILL, zoom: 1 },
  "-": { ...STILL, zoom: -1 },
};

export function useCameraKeys(camera: Camera, freeze: () => void, moves: boolean): void {
  const onFreeze = useRef(freeze);
  onFreeze.current = freeze;
  const mayMove = useRef(moves);
  mayMove.current = moves;
  // What was held when another picture became large must not go on unseen.
  useEffect(() => {
    if (!moves) camera.releaseAll();
  }, [camera, moves]);
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.repeat || isForSomethingElse(event)) return;
      const way = WAYS[event.key];
      if (way !== undefined && mayMove.current) camera.hold(nameOf(event), way);
      else if (event.key === "Home" && mayMove.current) camera.home();
      else if (event.key.toLowerCase() === "f") onFreeze.current();
      else return;
      event.preventDefault();
    };
    const up = (event: KeyboardEvent) => camera.release(nameOf(event));
    // No key-up comes once another window has the keyboard.
    const lost = () => camera.releaseAll();
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    addEventListener("blur", lost);
    document.addEventListener("visibilitychange", lost);
    return () => {
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", lost);
      document.removeEventListener("visibilitychange", lost);
      camera.releaseAll();
    };
  }, [camera]);
}

/** The physical key: with Shift let go first, "+" goes down and "=" comes up. */
function nameOf(event: KeyboardEvent): string {
  return `key ${event.code}`;
}

function isForSomethingElse(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const { target } = event;
  return target instanceof Element && target.closest("input, textarea, dialog") !== null;
}
