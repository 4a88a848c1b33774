// The WebSocket to the hub, which comes back by itself. Knows no meaning of any message but its kind.

import type { HubToPortal, PortalToHub } from "../hub-api";
import type { Link } from "../state/model";
import { readFromHub } from "./messages";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** A connection attempt that hangs longer than this, as in a captive network, is given up. */
const OPENING_PATIENCE_MS = 4_000;

export interface SocketEvents {
  message(message: HubToPortal): void;
  link(link: Link): void;
  /** An attempt failed before it opened; the session may have run out. */
  refused(): void;
}

export class HubSocket {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private closed = false;

  constructor(
    private readonly address: string,
    private readonly on: SocketEvents,
  ) {
    addEventListener("online", this.hurry);
    addEventListener("offline", this.drop);
    this.connect();
  }

  /** False when there is no connection; everything on it is told anew after it comes back. */
  send(message: PortalToHub): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.hurry);
    removeEventListener("offline", this.drop);
    this.abandon();
  }

  private connect(): void {
    const socket = new WebSocket(this.address);
    this.socket = socket;
    let opened = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.drop, OPENING_PATIENCE_MS);
    socket.onopen = () => {
      opened = true;
      clearTimeout(this.timer);
    };
    socket.onmessage = (event: MessageEvent<unknown>) => this.receive(event.data);
    socket.onclose = () => {
      this.lost();
      if (!opened) this.on.refused();
    };
  }

  private receive(data: unknown): void {
    const message = readFromHub(data);
    if (message === null) return;
    if (message.type === "welcome") {
      this.failures = 0;
      this.on.link("open");
    }
    this.on.message(message);
  }

  private lost(): void {
    this.abandon();
    if (this.closed) return;
    this.on.link("lost");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), waitBefore(this.failures, Math.random()));
    this.failures += 1;
  }

  /** A dead TCP connection would take minutes to say so: it is left behind, not waited for. */
  private abandon(): void {
    const { socket } = this;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.socket = null;
  }

  /** Leaves a connection that seems dead and makes a new one. */
  readonly drop = (): void => this.lost();

  private readonly hurry = (): void => {
    this.abandon();
    this.connect();
  };
}

/** Doubles from 0.25 s to 5 s, less up to half of it, so that many pages do not return at once. */
export function waitBefore(failures: number, random: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return longest * (1 - random / 2);
}
