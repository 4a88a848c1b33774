// From a box that is drawn on the picture to the part of the camera's picture that the cart is asked for.

import type { View } from "../hub-api";

export const WHOLE: View = { x: 0, y: 0, size: 1 };

/** In fractions of what stands on the screen, from its upper left corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A smaller one is a hand that trembles, not a box. */
const SMALLEST_DRAWN = 0.04;

/** Around the box, as large as it needs to keep the picture's shape; `null`: nothing was drawn. */
export function lookAt(box: Box, now: View): View | null {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  if (Math.max(width, height) < SMALLEST_DRAWN) return null;
  const size = Math.max(width, height);
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  return within({
    x: now.x + (middle.x - size / 2) * now.size,
    y: now.y + (middle.y - size / 2) * now.size,
    size: size * now.size,
  });
}

/** The cart decides in the end; this keeps the box where it was drawn. */
function within({ x, y, size }: View): View {
  const place = (from: number) => Math.min(Math.max(from, 0), Math.max(0, 1 - size));
  return { x: place(x), y: place(y), size: Math.min(size, 1) };
}

/** Where a pointer is on a picture of this shape, centred in an element: 0…1 on it, more or less beside it. */
export function onPicture(pointer: Point, element: DOMRect, shape: number): Point {
  const width = Math.min(element.width, element.height * shape);
  const height = width / shape;
  return {
    x: (pointer.x - element.left - (element.width - width) / 2) / width,
    y: (pointer.y - element.top - (element.height - height) / 2) / height,
  };
}

/** Whichever way it was drawn, as far as it lies on the picture. */
export function boxOf(one: Point, other: Point): Box {
  const cut = (value: number) => Math.min(Math.max(value, 0), 1);
  const [x, y] = [[one.x, other.x].map(cut), [one.y, other.y].map(cut)];
  return { left: Math.min(...x), right: Math.max(...x), top: Math.min(...y), bottom: Math.max(...y) };
}

/** "2.5 × closer"; `null`: all of it is seen. */
export function closerWords({ size }: View): string | null {
  return size >= 1 ? null : `${(1 / size).toFixed(1)} × closer`;
}
