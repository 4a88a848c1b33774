// One command to the camera, in the physician's page: how long until a pixel of the picture changes, by the page's own clock.
// KEY, PHASE, LEAST and MARGIN come from command.rs.

const video = document.querySelector("[data-testid=remote-video]");
const [WIDTH, HEIGHT, BLOCK] = [640, 360, 40];
const ink = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d", { willReadFrequently: true });
/** Longer than any way that works, and shorter than the camera's to its end. */
const PATIENCE_MS = 2_000;
/** A rest before the command: the coder's last corrections are drawn, and the room's own movement is known. */
const REST_MS = 900;

function look() {
  ink.drawImage(video, 0, 0, WIDTH, HEIGHT);
  return ink.getImageData(0, 0, WIDTH, HEIGHT).data;
}

/** In how many blocks green, which carries most of the light, has changed: a patient breathes in few, a head that turns changes all with an edge. */
function changed(before, now) {
  let count = 0;
  for (let top = 0; top < HEIGHT; top += BLOCK) {
    for (let left = 0; left < WIDTH; left += BLOCK) {
      let most = 0;
      for (let y = top; y < top + BLOCK; y += 2) {
        for (let x = left; x < left + BLOCK; x += 2) {
          const at = 4 * (y * WIDTH + x) + 1;
          most = Math.max(most, Math.abs(now[at] - before[at]));
        }
      }
      if (most > LEAST) count += 1;
    }
  }
  return count;
}

/** Calls `each` with the time of each frame that is presented, until it returns true. */
function frames(each) {
  return new Promise((done) => {
    const shown = () => (each(performance.now()) ? done() : video.requestVideoFrameCallback(shown));
    video.requestVideoFrameCallback(shown);
  });
}

function key(type) {
  document.body.dispatchEvent(new KeyboardEvent(type, { key: KEY, code: KEY, bubbles: true }));
}

let before = look();
let quiet = 0;
const rested = performance.now() + REST_MS + PHASE;
// What changes while nobody commands anything is no answer.
await frames((now) => {
  const current = look();
  quiet = Math.max(quiet, changed(before, current));
  if (now < rested) return false;
  before = current;
  return true;
});
// Between two frames, wherever the clock of the camera happens to be.
await new Promise((done) => setTimeout(done, PHASE));
before = look();
const pressed = performance.now();
key("keydown");
let [took, blocks] = [null, 0];
await frames((now) => {
  blocks = changed(before, look());
  if (blocks > quiet + MARGIN) took = now - pressed;
  return took !== null || now - pressed > PATIENCE_MS;
});
setTimeout(() => key("keyup"), 150);
await new Promise((done) => setTimeout(done, 600));
return { took, quiet, blocks };
