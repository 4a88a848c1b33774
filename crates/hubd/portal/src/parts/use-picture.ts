// The place of a picture on the page. The element belongs to the line, which swaps it when a newer peer connection
// has its first picture.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Picture } from "../call/picture";

export function usePicture(picture: Picture | null): RefObject<HTMLDivElement> {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (picture === null) return place.current?.replaceChildren();
    place.current?.replaceChildren(picture.video);
    picture.play();
  }, [picture]);
  return place;
}
