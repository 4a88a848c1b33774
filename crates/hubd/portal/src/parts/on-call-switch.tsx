// The switch that decides whether carts may ring here. Its state is told by word, shape and colour.

import type { Link } from "../state/model";
import { useStore } from "../use-store";

export function OnCallSwitch({ on, link }: { on: boolean; link: Link }) {
  const { dispatch } = useStore();
  return (
    <button
      class={on ? "card on-call is-on" : "card on-call"}
      type="button"
      role="switch"
      aria-checked={on}
      aria-label="On call"
      aria-describedby="on-call-words"
      disabled={link !== "open"}
      data-testid="on-call"
      onClick={() => dispatch({ type: "set_on_call", onCall: !on })}
    >
      <span class="track" aria-hidden="true">
        <span class="knob" />
      </span>
      <span class="grow">
        <strong>{on ? "You are on call" : "You are not on call"}</strong>
        <span id="on-call-words" class="quiet">
          {on
            ? "Carts can ring you here. Keep this page open and the sound of this device on."
            : "No cart can reach you. Switch on to take calls."}
        </span>
      </span>
    </button>
  );
}
