// A clip's time line: who is there when, curves of landmarks, and the place in time as a slider.
import { colorsOf } from "./colors.js";
import { byId } from "./dom.js";
import { within } from "./geometry.js";
import { angleTitle, landmarkTitle, say } from "./language.js";
import { angleNames } from "./movement.js";
import { landmarkNames } from "./skeleton.js";
import { curves, drawLane, font, isAngle, line, write } from "./timeline-plot.js";

/** In CSS pixels: the room left of the curves for their numbers, right of them, for the times below, and for a lane with its title. */
const [leftRoom, rightRoom, timeRoom, laneHeight, titleRoom] = [52, 14, 22, 62, 18];
/** Who is there when: a bar a person, thinner for many. */
const [barRoom, thickestBar] = [96, 7];
/** The row of repetitions, with the room below it. */
const repetitionRoom = 24;
/** So long the curves may be behind what comes in, at least; and a redraw takes a tenth of the time at most. */
const leastWait = 200;

/** Seconds as minutes and seconds, to the hundredth. */
export function clock(seconds) {
  const hundredths = Math.round(Math.max(seconds, 0) * 100);
  const two = (value) => String(value).padStart(2, "0");
  return `${Math.floor(hundredths / 6000)}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
}

/** Draws the time line into its canvas, and tells where it was pressed. */
export class Timeline {
  #slider = byId("timeline");
  #canvas = byId("timeline-canvas");
  #cursor = byId("timeline-cursor");
  #scene;
  #time = 0;
  #drawn = "";
  #drawnWidth = 0;
  /** Curves by what they show: another person chosen leaves them as they are. */
  #lanes = new Map();
  #nextDraw = 0;
  #waiting;

  /** `onSeek` gets a time in seconds, `onStep` a number of frames on or back. */
  constructor({ onSeek, onStep }) {
    new ResizeObserver(() => this.#width !== this.#drawnWidth && this.#draw()).observe(this.#slider);
    const slider = this.#slider;
    const seek = ({ clientX }) => onSeek(this.#timeAt(clientX - slider.getBoundingClientRect().left));
    slider.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      slider.setPointerCapture(event.pointerId);
      seek(event);
    });
    slider.addEventListener("pointermove", (event) => slider.hasPointerCapture(event.pointerId) && seek(event));
    slider.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || !this.#scene) return;
      const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 1, PageDown: -1 }[event.key];
      const isFar = event.shiftKey || event.key.startsWith("Page");
      if (event.key === "Home") onSeek(0);
      else if (event.key === "End") onSeek(this.#scene.duration);
      else if (!sign) return;
      else if (isFar) onSeek(within(0, this.#time + sign, this.#scene.duration));
      else onStep(sign);
      event.preventDefault();
    });
  }

  /**
   * What is drawn: the `results` so far, the clip's `duration`, the `landmarks` (or angles, by their places) and the `quantity`, whether guessed
   * landmarks are hidden, the `chosen` id.
   */
  show(scene) {
    this.#scene = scene;
    const { results, duration, landmarks, quantity, isGuessedHidden, chosen } = scene;
    const look = JSON.stringify([say("tag"), results.serial, duration, landmarks, quantity, isGuessedHidden, chosen]);
    const drawn = `${look} ${results.frameCount}`;
    if (drawn === this.#drawn) return;
    // Only more results may wait.
    const isUrgent = !this.#drawn.startsWith(`${look} `);
    this.#drawn = drawn;
    if (isUrgent) return this.#draw();
    this.#waiting ??= setTimeout(() => this.#draw(), Math.max(this.#nextDraw - performance.now(), 0));
  }

  /** The place in time; `words` tell it, where they are given, to those who don't see it. */
  place(time, words) {
    this.#time = time;
    this.#placeCursor();
    if (words === undefined) return;
    this.#slider.ariaValueNow = time.toFixed(2);
    this.#slider.ariaValueText = words;
  }

  #placeCursor() {
    if (this.#scene) this.#cursor.style.transform = `translateX(${this.#xOf(this.#time)}px)`;
  }

  get #width() {
    return this.#slider.clientWidth;
  }

  #xOf(time) {
    return leftRoom + (time / this.#scene.duration) * (this.#width - leftRoom - rightRoom);
  }

  #timeAt(x) {
    const { duration } = this.#scene;
    return within(0, ((x - leftRoom) / (this.#width - leftRoom - rightRoom)) * duration, duration);
  }

  #draw() {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    if (!this.#scene?.duration || !this.#width) return;
    const start = performance.now();
    this.#drawnWidth = this.#width;
    const { results, duration, landmarks } = this.#scene;
    this.#slider.ariaValueMax = duration.toFixed(2);
    const bar = Math.min(thickestBar, barRoom / Math.max(results.tracks.size, 1));
    const bars = Math.max(bar * results.tracks.size, thickestBar);
    const repeating = this.repeating;
    const repetitions = repeating === undefined ? 0 : repetitionRoom;
    const height = 8 + bars + repetitions + landmarks.length * (titleRoom + laneHeight) + timeRoom;
    const density = Math.min(devicePixelRatio, 3);
    Object.assign(this.#canvas, { width: this.#width * density, height: height * density });
    this.#canvas.style.height = `${height}px`;
    const context = this.#canvas.getContext("2d");
    context.scale(density, density);
    context.font = font;
    this.#drawTimes(context, height);
    this.#drawPresence(context, bar);
    if (repetitions) this.#drawRepetitions(context, repeating, 8 + bars);
    this.#drawLanes(context, 8 + bars + repetitions);
    this.#placeCursor();
    const now = performance.now();
    this.#nextDraw = now + Math.max(leastWait, 10 * (now - start));
  }

  #drawTimes(context, height) {
    const { duration } = this.#scene;
    const room = (this.#width - leftRoom - rightRoom) / 70;
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800].find((one) => duration / one <= room) ?? 3600;
    for (let time = 0; time <= duration + 1e-6; time += step) {
      const x = Math.round(this.#xOf(time)) + 0.5;
      context.strokeStyle = "rgb(255 255 255 / 10%)";
      context.lineWidth = 1;
      line(context, x, 4, x, height - timeRoom + 4);
      const words = clock(time).replace(step < 1 ? /0$/ : /\.\d+$/, "");
      write(context, words, Math.min(x, this.#width - context.measureText(words).width / 2 - 2), height - 6, "center");
    }
  }

  /** A bar where somebody is seen, a thin line where they are lost and come back. */
  #drawPresence(context, bar) {
    const { results, chosen } = this.#scene;
    let top = 6;
    for (const id of results.tracks.keys()) {
      context.fillStyle = colorsOf(id).bone;
      context.globalAlpha = chosen === undefined || id === chosen ? 1 : 0.6;
      const xOf = (frame) => this.#xOf(results.time(frame));
      const endOf = (frame) => this.#xOf(results.time(frame) + results.interval);
      const middle = top + (bar - 1) / 2;
      for (const [first, last] of results.seenSpans(id)) {
        context.fillRect(xOf(first), top, Math.max(endOf(last) - xOf(first), 1), Math.max(bar - 2, 1));
      }
      context.strokeStyle = colorsOf(id).bone;
      context.lineWidth = 1;
      context.setLineDash([2, 3]);
      for (const [first, last] of results.lostSpans(id)) line(context, xOf(first), middle, endOf(last), middle);
      context.setLineDash([]);
      top += bar;
    }
    context.globalAlpha = 1;
  }

  /** Whose repetitions are marked: the chosen one's, else of who has most. */
  get repeating() {
    if (!this.#scene) return undefined;
    const { results, chosen } = this.#scene;
    const many = (id) => results.repetitions(id).completed.length + (results.repetitions(id).unfinished ? 0.5 : 0);
    const ids = (chosen === undefined ? [...results.tracks.keys()] : [chosen]).filter((id) => many(id) > 0);
    return ids.sort((a, b) => many(b) - many(a))[0];
  }

  /** A block with its number from start to end, a notch where it turns; broken lines where one was begun and not ended. */
  #drawRepetitions(context, id, top) {
    const { results } = this.#scene;
    const { bone, ink } = colorsOf(id);
    const { completed, unfinished } = results.repetitions(id);
    for (const repetition of [...completed, ...(unfinished ? [unfinished] : [])]) {
      const [x, end, turn] = [repetition.start, repetition.end ?? results.lastTime, repetition.turn].map((time) => this.#xOf(time));
      context.beginPath();
      context.roundRect(x, top, Math.max(end - x, 2), repetitionRoom - 8, 4);
      context.fillStyle = context.strokeStyle = bone;
      context.setLineDash(repetition === unfinished ? [3, 3] : []);
      if (repetition === unfinished) context.stroke();
      else context.fill();
      context.setLineDash([]);
      if (repetition !== unfinished) {
        context.fillStyle = ink;
        context.fillRect(turn - 0.75, top + repetitionRoom - 13, 1.5, 5);
        if (end - x > 12) {
          context.textAlign = "center";
          context.fillText(String(repetition.number), (x + end) / 2, top + 11);
        }
      }
    }
  }

  #drawLanes(context, start) {
    const { landmarks, quantity, chosen } = this.#scene;
    const lanes = new Map(landmarks.map((landmark) => [this.#laneKey(landmark), landmark]));
    for (const key of this.#lanes.keys()) if (!lanes.has(key)) this.#lanes.delete(key);
    let top = start;
    for (const landmark of landmarks) {
      top += titleRoom;
      drawLane(context, this.#lane(landmark), {
        top, bottom: top + laneHeight, left: leftRoom, right: this.#width - rightRoom, quantity, chosen,
        title: isAngle(quantity) ? angleTitle(angleNames[landmark]) : landmarkTitle(landmarkNames[landmark]),
      });
      top += laneHeight;
    }
  }

  #laneKey(landmark) {
    const { results, duration, quantity, isGuessedHidden } = this.#scene;
    return [results.serial, results.frameCount, duration, landmark, quantity, isGuessedHidden, this.#width].join();
  }

  #lane(landmark) {
    const { results, quantity, isGuessedHidden } = this.#scene;
    const key = this.#laneKey(landmark);
    if (!this.#lanes.has(key)) {
      const isHidden = (sight) => isGuessedHidden && !isAngle(quantity) && !results.isSeen(sight, landmark);
      this.#lanes.set(key, curves(results, { landmark, quantity, isHidden, xOf: (time) => this.#xOf(time) }));
    }
    return this.#lanes.get(key);
  }
}
