// Reads what arrives as JSON from the hub and from the cart's data channel.
//
// Checks the name of the message only: both ends are generated from the same types. What this page
// does not know is left alone, and its content, which may be a patient's, is never printed.

import type { CartOnChannel, HubToPortal } from "../hub-api";

/** As the hub allows: an SDP offer of four tracks takes about 12 KiB. */
const MAX_CHARACTERS = 256 * 1024;

const FROM_HUB: Record<HubToPortal["type"], true> = {
  welcome: true,
  carts: true,
  ringing: true,
  ringing_stopped: true,
  joined: true,
  relays: true,
  call_ended: true,
  signal: true,
  cart_online: true,
  recorded: true,
  early_warning: true,
  monitoring: true,
  delivered: true,
  refused: true,
};

const FROM_CART: Record<CartOnChannel["type"], true> = {
  still_saved: true,
  still_failed: true,
  camera_failed: true,
  hearing: true,
  looking: true,
  examining: true,
  stethoscope: true,
  proof_begins: true,
  site: true,
  sound_kept: true,
  sound_not_kept: true,
};

export function readFromHub(data: unknown): HubToPortal | null {
  return read<HubToPortal>(data, FROM_HUB, "hub");
}

export function readFromCart(data: unknown): CartOnChannel | null {
  return read<CartOnChannel>(data, FROM_CART, "cart");
}

function read<Message>(data: unknown, known: Record<string, true>, from: string): Message | null {
  if (typeof data !== "string" || data.length > MAX_CHARACTERS) {
    return ignore(from, "a message that is no text or too long");
  }
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return ignore(from, "a message that is no JSON");
  }
  if (typeof value !== "object" || value === null || !("type" in value)) {
    return ignore(from, "a message without a type");
  }
  if (typeof value.type !== "string" || !Object.hasOwn(known, value.type)) {
    return ignore(from, "a message of an unknown type");
  }
  return value as Message;
}

function ignore(from: string, what: string): null {
  console.warn(`Ignored from the ${from}: ${what}`);
  return null;
}
