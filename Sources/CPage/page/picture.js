// The photo with the skeletons over it, drawn from the JSON as SVG in the picture's own pixels.
import { byId, svg } from "./dom.js";
import { strokeSize } from "./figures.js";
import { moved, overlaps } from "./geometry.js";
import { landmarkTitle } from "./language.js";
import { angleMarks } from "./movement.js";
import { bones, isInFrame, isSeen, isSmall, landmarkNames } from "./skeleton.js";

/** A small photo is shown at most so many times larger. */
const mostMagnified = 4;
/** How near a joint the pointer must be, in CSS pixels: a fingertip is wider than an arrow. */
const reach = { mouse: 16, touch: 28, pen: 20 };

/** Shows pictures and skeletons in the stage; tells which joint is pointed at. */
export class PictureView {
  #stage = byId("picture");
  #frame = byId("frame");
  #image = byId("photo");
  #mask = byId("mask");
  #overlay = byId("overlay");
  #scene = { people: [], size: undefined, person: 0, joint: undefined, shows: {} };
  /** CSS pixels per pixel of the picture. */
  #scale = 1;

  /** `onJoint` gets a person, a joint and whether it was tapped; undefined for none. */
  constructor({ onJoint, onUndecodable }) {
    new ResizeObserver(() => this.#layOut()).observe(this.#stage);
    this.#image.addEventListener("load", () => {
      this.#image.classList.remove("broken");
      this.#layOut();
    });
    this.#image.addEventListener("error", () => {
      this.#image.classList.add("broken");
      onUndecodable();
    });
    this.#stage.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") onJoint(this.#jointAt(event), false);
    });
    this.#stage.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") onJoint(undefined, false);
    });
    this.#stage.addEventListener("click", (event) => onJoint(this.#jointAt(event), true));
    this.#stage.addEventListener("keydown", (event) => {
      const next = this.#jointAfter(event.key);
      if (next === null) return;
      event.preventDefault();
      onJoint(next, true);
    });
  }

  /** Another photo, by its URL; undefined for one without a picture. */
  showPhoto(url, description) {
    if (!url) {
      this.#image.removeAttribute("src");
      this.#image.classList.add("broken");
    } else if (this.#image.getAttribute("src") !== url) this.#image.src = url;
    this.#image.alt = description;
  }

  /** What is drawn: `people` and `size` of the result (empty and undefined before it), `person`, `joint`, `shows`. */
  show(scene) {
    this.#scene = scene;
    this.#layOut();
  }

  /** The server's mask, white where people are, as a tint over the picture; undefined for none. */
  async showMask(blob) {
    this.#mask.hidden = !blob;
    if (!blob) return;
    const bitmap = await createImageBitmap(blob);
    const { width, height } = Object.assign(this.#mask, { width: bitmap.width, height: bitmap.height });
    const context = this.#mask.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    const pixels = context.getImageData(0, 0, width, height);
    for (let i = 0; i < pixels.data.length; i += 4) {
      pixels.data[i + 3] = pixels.data[i] * 0.5;
      pixels.data.set(maskColor, i);
    }
    context.putImageData(pixels, 0, 0);
  }

  /** Where a joint is in the window, in CSS pixels. */
  place({ person, joint }) {
    const { x, y } = this.#scene.people[person].landmarks[joint];
    const frame = this.#frame.getBoundingClientRect();
    return { x: frame.left + x * frame.width, y: frame.top + y * frame.height };
  }

  /** Fits the frame into the stage, then draws. */
  #layOut() {
    const { size } = this.#scene;
    const width = size?.width ?? this.#image.naturalWidth;
    const height = size?.height ?? this.#image.naturalHeight;
    if (!width || !height) return;
    this.#stage.style.setProperty("--aspect", width / height);
    if (!this.#stage.clientWidth) return;
    this.#scale = Math.min(this.#stage.clientWidth / width, this.#stage.clientHeight / height, mostMagnified);
    this.#frame.style.width = `${width * this.#scale}px`;
    this.#frame.style.height = `${height * this.#scale}px`;
    this.#overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#draw(width, height);
  }

  #draw(width, height) {
    const { people, person, shows } = this.#scene;
    this.#overlay.replaceChildren();
    const taken = [];
    people.forEach((one, index) => {
      const group = svg("g", { "data-person": index });
      const box = one.box;
      if (people.length > 1 && index === person) group.append(svg("rect", { class: "person-box", ...box }));
      const points = one.landmarks.map((landmark) => ({
        x: landmark.x * width, y: landmark.y * height,
        isPlain: this.#isPlain(landmark), isShown: this.#isShown(landmark), isReachable: this.#isReachable(landmark),
      }));
      const size = strokeSize(box, this.#scale);
      if (shows.bones) this.#drawBones(group, points, size);
      if (shows.joints) this.#drawJoints(group, points, size, index);
      if (shows.labels) this.#drawNames(group, points, taken, { width, height });
      if (shows.angles) this.#drawAngles(group, one, taken, { width, height });
      if (people.length > 1) {
        const extent = this.#extent(index + 1, 16);
        const area = moved({ x: box.x, y: box.y - extent.height, ...extent }, 0, 0, { width, height });
        group.append(label("person-number", index + 1, area));
      }
      this.#overlay.append(group);
    });
  }

  #drawBones(group, points, size) {
    const lines = bones
      .map(([from, to]) => ({ from: points[from], to: points[to], isFace: to <= 10 }))
      .filter(({ from, to }) => from.isShown && to.isShown);
    // All edges first, so that no bone's edge crosses another bone.
    for (const isEdge of [true, false]) {
      for (const { from, to, isFace } of lines) {
        const isGuessed = !from.isPlain || !to.isPlain;
        if (isEdge && isGuessed) continue;
        const bone = size * (isFace ? 0.45 : 0.75) * (isGuessed ? 0.6 : 1);
        group.append(
          svg("line", {
            class: isEdge ? "bone-edge" : `bone${isGuessed ? " guessed" : ""}`,
            x1: from.x, y1: from.y, x2: to.x, y2: to.y,
            "stroke-width": isEdge ? bone + 1.5 : bone,
          }),
        );
      }
    }
  }

  #drawJoints(group, points, size, index) {
    const { person, joint } = this.#scene;
    points.forEach((point, place) => {
      if (!point.isShown) return;
      const isChosen = index === person && place === joint;
      const radius = (size * (isSmall(place) ? 0.65 : 1) * (isChosen ? 1.5 : 1)) / this.#scale;
      group.append(
        svg("circle", {
          class: `joint${point.isPlain ? "" : " guessed"}${isChosen ? " chosen" : ""}`,
          "data-joint": landmarkNames[place],
          cx: point.x, cy: point.y, r: radius,
        }),
      );
    });
  }

  /** Names of the joints in the picture, to the right where there is room, else to the left; one that would lie on another is left out. */
  #drawNames(group, points, taken, size) {
    points.forEach((point, place) => {
      if (!point.isReachable) return;
      const name = landmarkTitle(landmarkNames[place]);
      const extent = this.#extent(name, 12);
      const gap = 8 / this.#scale;
      const right = point.x + gap;
      const x = right + extent.width <= size.width ? right : point.x - gap - extent.width;
      const area = moved({ x, y: point.y - extent.height / 2, ...extent }, 0, 0, size);
      if (taken.some((other) => overlaps(area, other))) return;
      taken.push(area);
      group.append(label("joint-name", name, area));
    });
  }

  /** Degrees to the right of their joints, or to the left, and arcs that are as large as the bend. */
  #drawAngles(group, person, taken, size) {
    const radius = (5 * strokeSize(person.box, this.#scale)) / this.#scale;
    const at = ({ x, y }) => ({ x: x * size.width, y: y * size.height });
    for (const { x, y, words, arc } of angleMarks(person, at, radius)) {
      for (const name of ["arc-edge", "arc"]) if (arc) group.append(svg("path", { class: name, d: arc }));
      const extent = this.#extent(words, 13);
      const gap = 10 / this.#scale;
      const left = x + gap + extent.width <= size.width ? x + gap : x - gap - extent.width;
      const area = moved({ x: left, y: y - extent.height / 2, ...extent }, 0, 0, size);
      if (taken.some((other) => overlaps(area, other))) continue;
      taken.push(area);
      group.append(label("joint-name", words, area));
    }
  }

  /** The extent of a label in the picture's pixels; `fontSize` is in CSS pixels. */
  #extent(words, fontSize) {
    ruler.font = `600 ${fontSize}px ${family}`;
    return { width: (ruler.measureText(words).width + fontSize / 4) / this.#scale, height: (fontSize * lineHeight) / this.#scale };
  }

  /** Whether a joint is drawn as those that were seen. */
  #isPlain(landmark) {
    return this.#scene.shows.guessed === "plain" || isSeen(landmark);
  }

  #isShown(landmark) {
    return this.#scene.shows.guessed !== "hidden" || isSeen(landmark);
  }

  /** Bones may lead out of the picture, but only a joint in it can be pointed at. */
  #isReachable(landmark) {
    return this.#isShown(landmark) && isInFrame(landmark);
  }

  /** The nearest joint within reach of the pointer. */
  #jointAt({ clientX, clientY, pointerType }) {
    const frame = this.#frame.getBoundingClientRect();
    let best;
    let least = reach[pointerType] ?? reach.mouse;
    this.#scene.people.forEach(({ landmarks }, person) => {
      landmarks.forEach((landmark, joint) => {
        if (!this.#isReachable(landmark)) return;
        const distance = Math.hypot(
          frame.left + landmark.x * frame.width - clientX, frame.top + landmark.y * frame.height - clientY);
        if (distance < least) [best, least] = [{ person, joint }, distance];
      });
    });
    return best;
  }

  /** The joint that an arrow key goes to; undefined (no joint) for Escape, null for other keys. */
  #jointAfter(key) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    if (key === "Escape") return undefined;
    const { people, person, joint } = this.#scene;
    if (!step || !people[person]) return null;
    const shown = people[person].landmarks.flatMap((landmark, index) => (this.#isReachable(landmark) ? [index] : []));
    if (!shown.length) return null;
    const at = joint === undefined ? (step > 0 ? -1 : 0) : shown.indexOf(joint);
    return { person, joint: shown[(at + step + shown.length) % shown.length] };
  }
}

const ruler = document.createElement("canvas").getContext("2d");
const family = getComputedStyle(document.body).fontFamily;
/** A label's height, in font sizes. */
const lineHeight = 1.25;

/** Words that fill the area, with the edge that `#extent` leaves room for. */
function label(className, words, { x, y, height }) {
  const fontSize = height / lineHeight;
  const edge = fontSize / 8;
  return svg("text", { class: className, x: x + edge, y: y + fontSize * 0.95, "font-size": fontSize, "stroke-width": edge * 2 }, words);
}

/** The mask's tint; downloads ask the server for the same. */
export const maskColor = [0, 150, 255];
