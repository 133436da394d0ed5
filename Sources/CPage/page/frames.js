// The frames of a running camera: told one by one; the copy that is sent is kept, to be drawn with its own result.

const jpegQuality = 0.8;
/** Milliseconds: no frame is older when it comes here. */
const mostAge = 2000;

/** Whoever takes a frame gives it back when it is not shown any more. */
export class Frames {
  #video;
  #onFrame;
  #turn = 0;
  #free = [];
  #small = document.createElement("canvas");
  /** Milliseconds on the page's clock: when the newest frame was caught by the camera, as far as the browser says. */
  time = 0;
  /** When it came here, and milliseconds from frame to frame, a moving average. */
  arrival = 0;
  interval = 1000 / 30;

  /** `onFrame` is called with each new frame. */
  constructor(video, onFrame) {
    [this.#video, this.#onFrame] = [video, onFrame];
  }

  start() {
    this.#turn += 1;
    [this.time, this.arrival, this.interval] = [0, performance.now(), 1000 / 30];
    this.#await(this.#turn);
  }

  stop() {
    this.#turn += 1;
    // Pictures of people are not kept longer than needed.
    this.#free = [];
    this.#small.width = this.#small.height = 0;
  }

  /** A copy of the newest frame, as large as the camera gives it. */
  take() {
    const canvas = this.#free.pop() ?? document.createElement("canvas");
    const { videoWidth, videoHeight } = this.#video;
    if (canvas.width !== videoWidth || canvas.height !== videoHeight) {
      [canvas.width, canvas.height] = [videoWidth, videoHeight];
    }
    canvas.getContext("2d").drawImage(this.#video, 0, 0);
    return { canvas, time: this.time };
  }

  /** Takes a copy back, for another frame. */
  release({ canvas }) {
    if (this.#free.length < 3) this.#free.push(canvas);
  }

  /** The frame as JPEG, its longer side no longer than `side` pixels. */
  encode({ canvas }, side) {
    const scale = Math.min(side / Math.max(canvas.width, canvas.height), 1);
    this.#small.width = Math.round(canvas.width * scale);
    this.#small.height = Math.round(canvas.height * scale);
    const context = this.#small.getContext("2d");
    context.imageSmoothingQuality = "medium";
    context.drawImage(canvas, 0, 0, this.#small.width, this.#small.height);
    return new Promise((resolve) => this.#small.toBlob(resolve, "image/jpeg", jpegQuality));
  }

  #await(turn) {
    const tell = (now, caught) => {
      if (turn !== this.#turn) return;
      if (this.#video.videoWidth) {
        this.interval += (now - this.arrival - this.interval) * 0.1;
        // Cameras may have clocks of their own; times must grow.
        const isPlausible = caught <= now && now - caught < mostAge;
        [this.time, this.arrival] = [Math.max(isPlausible ? caught : now, this.time + 0.1), now];
        this.#onFrame();
      }
      this.#await(turn);
    };
    if (this.#video.requestVideoFrameCallback) {
      this.#video.requestVideoFrameCallback((now, { captureTime }) => tell(performance.now(), captureTime ?? now));
    } else {
      requestAnimationFrame(() => tell(performance.now(), NaN));
    }
  }
}
