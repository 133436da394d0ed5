// The live picture: a frame of the camera with the people that were found in that very frame.
import { drawFigures, drawLost, personAt, Placement } from "./figures.js";

/** How near a joint the pointer must be, in CSS pixels. */
const reach = 24;

/** Draws into a canvas that fits its stage; tells whom the reader chose. */
export class CameraView {
  #canvas;
  #stage;
  #room = { width: 0, height: 0 };
  #scene;
  #placement;

  /** `onChoose` gets an id, or undefined for everybody; `onStep` 1 or -1 for the next or the last person. */
  constructor(canvas, { onChoose, onStep }) {
    this.#canvas = canvas;
    this.#stage = canvas.parentElement;
    new ResizeObserver(() => {
      this.#room = { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
      this.#draw();
    }).observe(this.#stage);
    canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      if (this.#placement) onChoose(personAt(this.#scene.people, { x: offsetX, y: offsetY }, this.#placement, reach)?.id);
    });
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step && event.key !== "Escape") return;
      event.preventDefault();
      if (step) onStep(step);
      else onChoose(undefined);
    });
  }

  /**
   * What is drawn: `picture` (a canvas or video) of this `size` in pixels, `people` and `lost` (`{ id, box }`) of its result, whose
   * boxes are in pixels of a picture of `resultSize`; `shows`, `chosen` (an id), `isMirrored`.
   */
  show(scene) {
    this.#scene = scene;
    this.#draw();
  }

  clear() {
    this.#scene = this.#placement = undefined;
    this.#canvas.width = this.#canvas.height = 0;
  }

  #draw() {
    if (!this.#scene || !this.#room.width) return;
    const { picture, size, people = [], lost = [], resultSize = size, shows, chosen, isMirrored } = this.#scene;
    this.#stage.style.setProperty("--aspect", size.width / size.height);
    const scale = Math.min(this.#room.width / size.width, this.#room.height / size.height);
    const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
    const density = Math.min(devicePixelRatio, 2);
    const canvas = this.#canvas;
    if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext("2d");
    context.setTransform(isMirrored ? -density : density, 0, 0, density, isMirrored ? width * density : 0, 0);
    context.drawImage(picture, 0, 0, width, height);
    // Places are mirrored, words are not.
    context.setTransform(density, 0, 0, density, 0, 0);
    this.#placement = new Placement({ size: resultSize, scale: width / resultSize.width, isMirrored });
    for (const one of lost) drawLost(context, one, this.#placement);
    drawFigures(context, people, { placement: this.#placement, shows, chosen });
  }
}
