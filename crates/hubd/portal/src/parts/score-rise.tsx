// That the early warning score calls for more than it did. It stays until somebody has seen it.

import type { Consult } from "../state/model";
import { useNow, useStore } from "../use-store";
import { clock } from "../words";
import { riseWords } from "./early-warning-words";
import { Icon } from "./icons";

export function ScoreRise({ consult: { call, rise } }: { consult: Consult }) {
  const { dispatch } = useStore();
  const now = useNow(60_000);
  return (
    <div class="score-rise-place" role="status" aria-live="polite" data-testid="score-rise">
      {rise !== null && (
        <p class="score-rise">
          <Icon name="up" />
          <span class="grow">
            {riseWords(rise)} <span class="score-rise-time">at {clock(rise.at, now)}</span>
          </span>
          <button
            class="button plain"
            type="button"
            data-testid="dismiss-rise"
            onClick={() => dispatch({ type: "dismiss_rise", call })}
          >
            Seen
          </button>
        </p>
      )}
    </div>
  );
}
