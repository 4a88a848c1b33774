// The early warning score in one line above the vital signs. A press opens its parts.

import type { EarlyWarning } from "../hub-api";
import { partsOf, scoreWords } from "./early-warning-words";

export function EarlyWarningLine({ of, now }: { of: EarlyWarning; now: number }) {
  const words = scoreWords(of, now);
  const parts = partsOf(of, now);
  if (parts.length === 0) {
    return (
      <p class="early-warning" data-testid="early-warning">
        {words}
      </p>
    );
  }
  return (
    <details class="early-warning" data-testid="early-warning">
      <summary title={parts.map(({ name, points }) => `${name} ${points}`).join(", ")}>{words}</summary>
      <table class="earlier-values">
        <thead class="unseen">
          <tr>
            <th>Part</th>
            <th>Points</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ name, points }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{points}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
