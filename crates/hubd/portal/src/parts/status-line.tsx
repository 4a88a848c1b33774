// How the call is, in one line of plain words, and how long it lasts.

import type { Status } from "../state/status";
import { useNow } from "../use-store";
import { duration } from "../words";

export function StatusLine({ status, since }: { status: Status; since: number }) {
  const now = useNow(1_000);
  return (
    <p class={`status status-${status.tone}`}>
      <span class="status-sign" aria-hidden="true" />
      <span role="status" aria-live="polite" data-testid="status-line">
        {status.words}
      </span>
      <span class="status-time" aria-label="Length of the call">
        {duration(now - since)}
      </span>
    </p>
  );
}
