// The page's drawings, in the colour of the text around them. Each is named by the words beside it.

import type { ComponentChildren } from "preact";

const PATHS = {
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  up: "M5 15l7-7 7 7",
  down: "M5 9l7 7 7-7",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  home: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  still: "M4 8h3l1.5-2.5h7L17 8h3v11H4zM12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4",
  microphone: "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4M6.5 11a5.5 5.5 0 0 0 11 0M12 16.5V20M9 20h6",
  camera: "M4 7h10.5v10H4zM14.5 11l5.5-3v8l-5.5-3",
  phone: "M6.5 4h3l1.5 4-2 1.5a10 10 0 0 0 5.5 5.5l1.5-2 4 1.5v3a1.5 1.5 0 0 1-1.5 1.5A14 14 0 0 1 5 5.5 1.5 1.5 0 0 1 6.5 4z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  hub: "M12 4v10M8 10.5l4 4 4-4M5 19h14",
  look: "M12 4.5 21 19.5H3zM12 10v4.5M12 17v.3",
  alarm: "M12 3.5 21.5 20H2.5zM10.2 9.5v5M10.2 17v.3M13.8 9.5v5M13.8 17v.3",
  sound: "M5 10v4h3l4 3.5v-11L8 10zM15.5 9a4 4 0 0 1 0 6M17.8 6.8a7 7 0 0 1 0 10.4",
  close: "M6 6l12 12M18 6 6 18",
  strike: "M4.5 4.5l15 15",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, struck = false }: { name: IconName; struck?: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
      {struck && <path d={PATHS.strike} />}
    </svg>
  );
}

export function IconText({ name, children }: { name: IconName; children: ComponentChildren }) {
  return (
    <>
      <Icon name={name} />
      <span>{children}</span>
    </>
  );
}
