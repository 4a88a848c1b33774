// The picture of an exam camera on one peer connection. Every examination begins with no picture.

import { FreezeWatch } from "./freeze-watch";
import { Picture } from "./picture";
import { PictureAge } from "./picture-age";

/** Frames of the camera before may be on their way when the cart says that it is another one. A browser holds frames for
 * 200 ms at most, as the cart tells it to. */
const ON_THEIR_WAY_MS = 300;

export class ExamPicture {
  readonly picture: Picture;
  readonly age = new PictureAge();
  private watch = this.newWatch();
  private isLive = false;
  private begins = 0;

  constructor(
    track: MediaStreamTrack,
    private readonly on: (live: boolean) => void,
  ) {
    const ignore = () => {};
    this.picture = new Picture(
      {
        first: ignore,
        frame: (shown, captured) => {
          const now = performance.now();
          if (now < this.begins) return;
          this.watch.frame(now);
          this.age.frame(shown, captured);
        },
        soundBlocked: ignore,
      },
      { testid: "exam-video", label: "Live picture of the exam camera" },
    );
    this.picture.show(new MediaStream([track]));
  }

  get live(): boolean {
    return this.isLive;
  }

  /** Frames until now are of another examination; between two of them none come, and that is no freeze. */
  restart(): void {
    this.isLive = false;
    this.begins = performance.now() + ON_THEIR_WAY_MS;
    this.age.take();
    this.watch = this.newWatch();
  }

  check(now: number, visible: boolean): void {
    this.watch.check(now, visible);
  }

  private newWatch(): FreezeWatch {
    return new FreezeWatch((live) => {
      this.isLive = live;
      this.on(live);
    });
  }
}
