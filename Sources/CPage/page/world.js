// World landmarks in space: metres, turned by finger, mouse or keys, on a floor of half-metre squares.
import { colorsOf } from "./colors.js";
import { within } from "./geometry.js";
import { landmarkTitle } from "./language.js";
import { anglesInSpace } from "./movement.js";
import { bones, isSeen, isSmall, landmarkNames } from "./skeleton.js";

const views = { front: { yaw: 0, pitch: 0.12 }, side: { yaw: Math.PI / 2, pitch: 0.12 }, top: { yaw: 0, pitch: 1.5 } };
const start = { yaw: -0.5, pitch: 0.28, distance: 4.2 };
/** Metres from the eye to the middle of the body. */
const [nearest, farthest] = [1.6, 12];
const keyStep = 0.12;
/** The floor: squares of half a metre, so many to each side. */
const [square, squares] = [0.5, 3];

/** Draws one person in 3D and turns under the finger. */
export class WorldView {
  #canvas;
  #camera = { ...start };
  #person;
  #scene = { joint: undefined, shows: {} };
  #pointers = new Map();
  #placed = [];
  /** The heights between which the body is, in metres, y down; eased while the same person moves. */
  #extent;

  /**
   * `buttons` holds those that choose a view (`data-view`). `onJoint` gets a joint of the person shown, or undefined, and whether it
   * was tapped.
   */
  constructor({ canvas, buttons, onJoint = () => {} }) {
    this.#canvas = canvas;
    new ResizeObserver(() => this.#draw()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, moved: 0 });
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#pointers.has(event.pointerId)) this.#drag(event);
      else if (event.pointerType === "mouse") onJoint(this.#jointAt(event), false);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (this.#pointers.get(event.pointerId)?.moved < 5) onJoint(this.#jointAt(event), true);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => this.#pointers.delete(event.pointerId));
    }
    canvas.addEventListener("pointerleave", () => onJoint(undefined, false));
    canvas.addEventListener("wheel", (event) => {
      // A plain wheel scrolls the page; a trackpad's pinch comes with the control key.
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.#turn(0, 0, Math.exp(event.deltaY * 0.01));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.#press(event));
    for (const button of buttons.querySelectorAll("[data-view]")) {
      button.addEventListener("click", () => this.#choose(button.dataset.view));
    }
  }

  /**
   * The person to show (undefined for none); the joint that is pointed at, what to show, whether left and right are those of a
   * mirror. People with ids have their colours.
   */
  show(person, scene) {
    this.#stand(person);
    this.#person = person;
    this.#scene = scene;
    this.#draw();
  }

  /** Where a joint is in the window, in CSS pixels. */
  place(joint) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return { x: left + this.#placed[joint].x, y: top + this.#placed[joint].y };
  }

  /** Sets the floor under the person. While somebody with an id moves it follows slowly, so that not all jumps with a foot. */
  #stand(person) {
    if (!person) return;
    const heights = person.worldLandmarks.map(({ y }) => y);
    const [floor, top] = [Math.max(...heights), Math.min(...heights)];
    const isSame = this.#extent && person.id !== undefined && person.id === this.#person?.id;
    const ease = (from, to) => (isSame ? from + (to - from) * 0.1 : to);
    this.#extent = { floor: ease(this.#extent?.floor, floor), top: ease(this.#extent?.top, top) };
  }

  #drag({ pointerId, clientX, clientY }) {
    const others = [...this.#pointers].filter(([id]) => id !== pointerId).map(([, pointer]) => pointer);
    const pointer = this.#pointers.get(pointerId);
    const [dx, dy] = [clientX - pointer.x, clientY - pointer.y];
    if (others.length === 1) {
      const before = Math.hypot(pointer.x - others[0].x, pointer.y - others[0].y);
      const after = Math.hypot(clientX - others[0].x, clientY - others[0].y);
      if (before > 0 && after > 0) this.#turn(0, 0, before / after);
    } else {
      this.#turn(dx * 0.008, dy * 0.008, 1);
    }
    Object.assign(pointer, { x: clientX, y: clientY, moved: pointer.moved + Math.abs(dx) + Math.abs(dy) });
  }

  #press(event) {
    const turns = {
      ArrowLeft: [-keyStep, 0, 1], ArrowRight: [keyStep, 0, 1], ArrowUp: [0, -keyStep, 1], ArrowDown: [0, keyStep, 1],
      "+": [0, 0, 0.9], "=": [0, 0, 0.9], "-": [0, 0, 1 / 0.9],
    };
    const turn = turns[event.key];
    if (!turn) return;
    event.preventDefault();
    this.#turn(...turn);
  }

  #choose(view) {
    if (view === "nearer") this.#turn(0, 0, 0.8);
    else if (view === "farther") this.#turn(0, 0, 1.25);
    else {
      Object.assign(this.#camera, views[view]);
      this.#draw();
    }
  }

  #turn(yaw, pitch, zoom) {
    const camera = this.#camera;
    camera.yaw += yaw;
    camera.pitch = within(-0.4, camera.pitch + pitch, 1.55);
    camera.distance = within(nearest, camera.distance * zoom, farthest);
    this.#draw();
  }

  #draw() {
    const canvas = this.#canvas;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return;
    const density = Math.min(devicePixelRatio, 3);
    canvas.width = width * density;
    canvas.height = height * density;
    const context = canvas.getContext("2d");
    context.scale(density, density);
    this.#placed = [];
    if (!this.#person) return;
    const { worldLandmarks } = this.#person;
    const landmarks = this.#scene.isMirrored ? worldLandmarks.map((landmark) => ({ ...landmark, x: -landmark.x })) : worldLandmarks;
    const { floor, top } = this.#extent;
    const project = projection(this.#camera, (floor + top) / 2, width, height);
    drawFloor(context, project, floor);
    drawRuler(context, project, floor, floor - top);
    drawShadow(context, project, floor, landmarks);
    const { guessed } = this.#scene.shows;
    this.#placed = landmarks.map((landmark, index) => {
      // Whether it was seen stands with its place in the picture.
      const isPlain = guessed === "plain" || isSeen(this.#person.landmarks[index]);
      return { ...project(landmark), isPlain, isShown: isPlain || guessed !== "hidden" };
    });
    this.#drawBody(context);
  }

  /**
   * Bones and joints from far to near, so that near ones cover far ones. The body is drawn whole: what can't be seen in the
   * photo is the model's guess, and faint.
   */
  #drawBody(context) {
    const { joint, shows } = this.#scene;
    const placed = this.#placed;
    const colors = colorsOf(this.#person.id);
    const strokes = [];
    if (shows.bones) {
      for (const [from, to] of bones) {
        const depth = (placed[from].depth + placed[to].depth) / 2;
        strokes.push([depth, () => drawBone(context, placed[from], placed[to], to <= 10, colors.bone)]);
      }
    }
    placed.forEach((point, index) => {
      if (!point.isShown) return;
      // Slightly nearer than its bones, which end in its middle.
      if (shows.joints) strokes.push([point.depth - 0.05, () => drawJoint(context, point, isSmall(index), index === joint, colors.joint)]);
      if (shows.labels && (index === 0 || !isSmall(index))) {
        strokes.push([-1, () => drawText(context, point.x + 9, point.y + 4, landmarkTitle(landmarkNames[index]))]);
      }
    });
    if (shows.angles) {
      for (const { joint: place, words } of anglesInSpace(this.#person)) {
        const { x, y, isShown } = placed[place];
        if (isShown) strokes.push([-2, () => drawText(context, x + 10, y - 8, words, true)]);
      }
    }
    strokes.sort(([a], [b]) => b - a);
    for (const [, draw] of strokes) draw();
  }

  #jointAt({ clientX, clientY, pointerType }) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    let best;
    let least = pointerType === "touch" ? 28 : 16;
    this.#placed.forEach((point, index) => {
      if (!point.isShown) return;
      const distance = Math.hypot(left + point.x - clientX, top + point.y - clientY);
      if (distance < least) [best, least] = [index, distance];
    });
    return best;
  }
}

/** A function from metres (x right, y down, z away) to CSS pixels, `depth` metres from the eye, `scale` pixels a metre. */
function projection({ yaw, pitch, distance }, middle, width, height) {
  const [sinYaw, cosYaw, sinPitch, cosPitch] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  const focal = Math.min(width, height) * 1.75;
  return ({ x, y, z }) => {
    const across = x * cosYaw - z * sinYaw;
    const away = x * sinYaw + z * cosYaw;
    const down = (y - middle) * cosPitch + away * sinPitch;
    // Never behind the eye: the floor's corners may come near it.
    const depth = Math.max(distance + away * cosPitch - (y - middle) * sinPitch, 0.1);
    const scale = focal / depth;
    return { x: width / 2 + across * scale, y: height / 2 + down * scale, depth, scale };
  };
}

function drawFloor(context, project, floor) {
  const edge = square * squares;
  context.lineWidth = 1;
  for (let i = -squares; i <= squares; i += 1) {
    context.strokeStyle = i === 0 ? "rgb(255 255 255 / 30%)" : "rgb(255 255 255 / 13%)";
    const at = i * square;
    strokeLine(context, project({ x: at, y: floor, z: -edge }), project({ x: at, y: floor, z: edge }));
    strokeLine(context, project({ x: -edge, y: floor, z: at }), project({ x: edge, y: floor, z: at }));
  }
}

/** An upright ruler to the left of the body, with a mark every half metre. */
function drawRuler(context, project, floor, height) {
  const corners = [-0.7, 0.7].flatMap((x) => [-0.7, 0.7].map((z) => ({ x, z })));
  const [corner] = corners.sort((a, b) => project({ ...a, y: floor }).x - project({ ...b, y: floor }).x);
  const marks = Math.ceil(Math.max(height, 1) / square);
  context.lineWidth = 1.5;
  context.strokeStyle = "rgb(255 255 255 / 40%)";
  strokeLine(context, project({ ...corner, y: floor }), project({ ...corner, y: floor - marks * square }));
  for (let i = 0; i <= marks; i += 1) {
    const mark = project({ ...corner, y: floor - i * square });
    strokeLine(context, mark, { x: mark.x + 7, y: mark.y });
    drawText(context, mark.x + 12, mark.y + 4, `${(i * square).toFixed(1)} m`);
  }
}

function drawShadow(context, project, floor, landmarks) {
  context.strokeStyle = "rgb(0 0 0 / 50%)";
  context.lineCap = "round";
  context.lineWidth = 5;
  for (const [from, to] of bones) {
    if (to <= 10) continue;
    strokeLine(context, project({ ...landmarks[from], y: floor }), project({ ...landmarks[to], y: floor }));
  }
}

function drawBone(context, from, to, isFace, color) {
  const width = Math.max((isFace ? 0.011 : 0.02) * ((from.scale + to.scale) / 2), 1.5);
  const isPlain = from.isPlain && to.isPlain;
  context.lineCap = "round";
  if (isPlain) {
    context.strokeStyle = "rgb(0 0 0 / 60%)";
    context.lineWidth = width + 2;
    strokeLine(context, from, to);
  }
  context.strokeStyle = isPlain ? color : "#5d626b";
  context.lineWidth = isPlain ? width : width * 0.7;
  strokeLine(context, from, to);
}

function drawJoint(context, { x, y, scale, isPlain }, isSmallOne, isChosen, color) {
  const radius = Math.max((isSmallOne ? 0.013 : 0.024) * scale, 2) * (isChosen ? 1.5 : 1);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = isPlain ? color : "#17191c";
  context.fill();
  context.lineWidth = isChosen ? 3 : isPlain ? 1 : 2;
  context.strokeStyle = isChosen ? "#fff" : isPlain ? "rgb(0 0 0 / 60%)" : color;
  context.stroke();
}

function drawText(context, x, y, text, isStrong = false) {
  context.font = `${isStrong ? "700 13px" : "12px"} system-ui, sans-serif`;
  context.fillStyle = isStrong ? "#fff" : "#c8cdd5";
  context.fillText(text, x, y);
}

function strokeLine(context, from, to) {
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}
