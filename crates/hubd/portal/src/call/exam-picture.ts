// The picture of an exam camera on one peer connection. Every examination begins with no picture.

import { FreezeWatch } from "./freeze-watch";
import { Picture } from "./picture";
import { PictureAge } from "./picture-age";

export class ExamPicture {
  readonly picture: Picture;
  readonly age = new PictureAge();
  private watch = this.newWatch();
  private isLive = false;

  constructor(
    track: MediaStreamTrack,
    private readonly on: (live: boolean) => void,
  ) {
    const ignore = () => {};
    this.picture = new Picture(
      {
        first: ignore,
        frame: (shown, captured) => {
          this.watch.frame(performance.now());
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
