// The clip on its stage, with the people of the frame that is seen drawn over it.
import { drawTrails } from "./clip-trails.js";
import { drawFigures, Placement } from "./figures.js";
import { isInFrame, isSeen } from "./skeleton.js";

/** A small clip is shown at most so many times larger. */
const mostMagnified = 4;
/** How near a joint the pointer must be, in CSS pixels: a fingertip is wider than an arrow. */
const reach = { mouse: 16, touch: 28, pen: 20 };

/** Fits video and drawing into the stage; tells which joint is pointed at. */
export class ClipPicture {
  #stage;
  #frame;
  #video;
  #canvas;
  #scene;
  #placement;

  /** The stage holds a frame of video and canvas. `onJoint` gets an id, a joint and whether it was tapped; undefined for none. */
  constructor({ stage, onJoint }) {
    this.#stage = stage;
    this.#frame = stage.querySelector(".frame");
    this.#video = stage.querySelector("video");
    this.#canvas = stage.querySelector("canvas");
    new ResizeObserver(() => this.#layOut()).observe(stage);
    this.#video.addEventListener("loadedmetadata", () => this.#layOut());
    stage.addEventListener("pointermove", (event) => event.pointerType === "mouse" && onJoint(this.#jointAt(event), false));
    stage.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && onJoint(undefined, false));
    this.#frame.addEventListener("click", (event) => onJoint(this.#jointAt(event), true));
  }

  /** What is drawn: of these `results` the `frame` (-1 for none), with its `people`; `shows`, and the `chosen` id. */
  show(scene) {
    this.#scene = scene;
    this.#layOut();
  }

  /** Where a landmark is in the window, in CSS pixels. */
  place(landmark) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const { x, y } = this.#placement.at(landmark);
    return { x: left + x, y: top + y };
  }

  #layOut() {
    const size = this.#scene?.results.size ?? { width: this.#video.videoWidth, height: this.#video.videoHeight };
    if (!size.width || !size.height) return this.#empty();
    this.#stage.style.setProperty("--aspect", size.width / size.height);
    const stage = this.#stage.getBoundingClientRect();
    if (!stage.width) return;
    const scale = Math.min(stage.width / size.width, stage.height / size.height, mostMagnified);
    this.#placement = new Placement({ size, scale });
    const { width, height } = this.#placement;
    this.#frame.style.width = `${width}px`;
    this.#frame.style.height = `${height}px`;
    const density = Math.min(devicePixelRatio, 3);
    const [columns, rows] = [Math.round(width * density), Math.round(height * density)];
    // Another size, even the same one, empties a canvas and takes its time.
    if (this.#canvas.width !== columns || this.#canvas.height !== rows) Object.assign(this.#canvas, { width: columns, height: rows });
    this.#draw(density);
  }

  /** Nothing is known of the clip yet: what was drawn for another one goes. */
  #empty() {
    this.#placement = undefined;
    Object.assign(this.#canvas, { width: 0, height: 0 });
  }

  #draw(density) {
    const context = this.#canvas.getContext("2d");
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, this.#placement.width, this.#placement.height);
    if (!this.#scene || this.#scene.frame < 0) return;
    const { results, frame, people, shows, chosen } = this.#scene;
    if (shows.trails) drawTrails(context, results, frame, this.#placement);
    drawFigures(context, people, { placement: this.#placement, shows, chosen });
  }

  /** The nearest joint within reach of the pointer. */
  #jointAt({ clientX, clientY, pointerType }) {
    if (!this.#scene || !this.#placement) return undefined;
    const { people, shows } = this.#scene;
    let [best, least] = [undefined, reach[pointerType] ?? reach.mouse];
    for (const { id, landmarks } of people) {
      landmarks.forEach((landmark, joint) => {
        if (!isInFrame(landmark) || (shows.guessed === "hidden" && !isSeen(landmark))) return;
        const { x, y } = this.place(landmark);
        const distance = Math.hypot(x - clientX, y - clientY);
        if (distance < least) [best, least] = [{ id, joint }, distance];
      });
    }
    return best;
  }
}
