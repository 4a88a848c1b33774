// One video element for one peer connection, and what is presented in it. Knows no signalling.

export interface PictureEvents {
  /** The first frame of a real size. */
  first(): void;
  /** It was presented; when the cart captured it, by the page's clock, where the browser knows. */
  frame(shown: number, captured: number | undefined): void;
  /** Browsers play no sound before the person has touched the page or allowed the microphone. */
  soundBlocked(blocked: boolean): void;
}

/** How tests and screen readers know it. */
interface Named {
  readonly testid: string;
  readonly label: string;
}

const ROOM: Named = { testid: "remote-video", label: "Live picture of the patient's room" };

export class Picture {
  readonly video = document.createElement("video");
  private seen = false;
  private closed = false;

  constructor(
    private readonly on: PictureEvents,
    { testid, label }: Named = ROOM,
  ) {
    this.video.autoplay = true;
    this.video.playsInline = true;
    // A picture in waiting must not be heard beside the one on the screen.
    this.video.muted = true;
    this.video.dataset.testid = testid;
    this.video.setAttribute("aria-label", label);
    this.video.requestVideoFrameCallback(this.presented);
  }

  show(stream: MediaStream): void {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    this.play();
  }

  get hasStream(): boolean {
    return this.video.srcObject !== null;
  }

  /** Its sound goes with the picture. */
  unmute(): void {
    this.video.muted = false;
    this.play();
  }

  /** 0…1, of its sound. */
  setVolume(volume: number): void {
    this.video.volume = volume;
  }

  /** Also after the element moved in the document, which pauses it. */
  play(): void {
    if (this.video.srcObject === null) return;
    this.video.play().then(
      () => this.played(),
      (error: unknown) => this.refused(error),
    );
  }

  close(): void {
    this.closed = true;
    this.video.srcObject = null;
  }

  private played(): void {
    if (!this.closed && !this.video.muted) this.on.soundBlocked(false);
  }

  private refused(error: unknown): void {
    // Any other refusal means that a newer `play` took over.
    const forSound = error instanceof DOMException && error.name === "NotAllowedError";
    if (!forSound || this.closed || this.video.muted) return;
    this.video.muted = true;
    this.on.soundBlocked(true);
    this.play();
  }

  private readonly presented = (_now: number, frame: VideoFrameCallbackMetadata): void => {
    if (this.closed) return;
    if (frame.width > 0 && frame.height > 0) {
      if (!this.seen) {
        this.seen = true;
        this.on.first();
      }
      this.on.frame(frame.presentationTime, frame.captureTime);
    }
    this.video.requestVideoFrameCallback(this.presented);
  };
}
