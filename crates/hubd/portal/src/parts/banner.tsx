// What lies above every page: the state of the connection to the hub, and a notice.

import type { Link } from "../state/model";
import { useStore } from "../use-store";
import { Icon } from "./icons";

export function LinkBanner({ link }: { link: Link }) {
  return (
    <div class="banner-place" role="status" aria-live="polite" data-testid="link-banner">
      {link === "lost" && (
        <p class="banner">
          <Icon name="look" />
          No connection to the hub. Trying again by itself; calls cannot ring here until it is back.
        </p>
      )}
    </div>
  );
}

export function Notice({ text }: { text: string | null }) {
  const { dispatch } = useStore();
  return (
    <div class="banner-place" role="status" aria-live="polite" data-testid="notice">
      {text !== null && (
        <p class="banner">
          <span>{text}</span>
          <button class="button plain" type="button" onClick={() => dispatch({ type: "dismiss_notice" })}>
            Close
          </button>
        </p>
      )}
    </div>
  );
}
