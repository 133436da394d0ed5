// The results of a clip as numbers in typed arrays: ten thousand frames of several people are some tens of megabytes, not gigabytes.
import { angleNames } from "./movement.js";
import { landmarkNames } from "./skeleton.js";

const landmarkCount = landmarkNames.length;
/** What is kept of a landmark: its place in the picture (in parts of it) and in metres. */
const fields = { x: 0, y: 1, z: 2, visibility: 3, worldX: 4, worldY: 5, worldZ: 6 };
const fieldCount = 7;
const [seenBit, inFrameBit] = [1, 2];
/** How an angle was measured, and why it may not have been: places in `#reasons`, the first for a number. */
const kinds = ["plane", "world"];
const reasons = [undefined, "notSeen", "view", "degenerate"];
const sides = ["x", "y", "width", "height"];

let serials = 0;

/** Numbers of one kind, in a row that grows. */
class Column {
  length = 0;
  #values;

  constructor(Kind, room = 1024) {
    this.#values = new Kind(room);
  }

  at(place) {
    return this.#values[place];
  }

  push(value) {
    if (this.length === this.#values.length) {
      const larger = new this.#values.constructor(2 * this.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  /** How many of the values, ascending by `key`, are at most `limit`. */
  countUpTo(limit, key = (value) => value) {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (key(this.#values[middle]) <= limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * What was found in a clip. Frames have places from 0, in the order of their times; a *sight* is one person in one frame, and has
 * a place of its own.
 */
export class ClipResults {
  /** Tells the results of one clip from those of another. */
  serial = (serials += 1);
  /** The first line: what was looked at, and how. */
  header = undefined;
  /** Of the upright picture, in pixels. */
  size = undefined;
  /** As the service tells it with the first frame: name, search. */
  model = undefined;
  /** By id, in order of appearance: the places of a person's sights. */
  tracks = new Map();
  /** By id: `{ frame, reps }` for each change of what is counted. */
  #counts = new Map();
  /** By id: repetitions that are whole, and one that was begun at the end. */
  #repetitions = new Map();
  #seenSpans = new Map();
  #lostSpans = new Map();
  #numbers = new Column(Uint32Array);
  #times = new Column(Float64Array);
  /** Where each frame's sights end. */
  #sightEnds = new Column(Uint32Array);
  #ids = new Column(Uint32Array);
  #frames = new Column(Uint32Array);
  #presences = new Column(Float32Array);
  #boxes = new Column(Float32Array);
  #landmarks = new Column(Float32Array, 1 << 16);
  #flags = new Column(Uint8Array, 1 << 14);
  /** By sight, kind and name: NaN, and the reason, where there is no number. Empty where nobody asked. */
  #angles = new Column(Float32Array);
  #reasons = new Column(Uint8Array);

  /** Adds the result of the next frame. */
  add({ frame, time, image, model, people, lost = [] }) {
    this.model ??= model;
    this.size ??= { width: image.width, height: image.height };
    const place = this.frameCount;
    this.#numbers.push(frame);
    this.#times.push(time);
    for (const person of people) this.#addSight(place, person);
    for (const id of lost) extend(this.#lostSpans, id, place);
    this.#sightEnds.push(this.#ids.length);
  }

  #addSight(frame, { id, presence, confidence, box, landmarks, worldLandmarks, angles, reps }) {
    if (!this.tracks.has(id)) this.tracks.set(id, new Column(Uint32Array, 256));
    this.tracks.get(id).push(this.#ids.length);
    extend(this.#seenSpans, id, frame);
    this.#ids.push(id);
    this.#frames.push(frame);
    this.#presences.push(confidence ?? presence);
    for (const side of sides) this.#boxes.push(box[side]);
    landmarks.forEach((landmark, index) => {
      const world = worldLandmarks[index];
      for (const value of [landmark.x, landmark.y, landmark.z, landmark.visibility, world.x, world.y, world.z]) {
        this.#landmarks.push(value);
      }
      this.#flags.push((landmark.seen ? seenBit : 0) | (landmark.inFrame ? inFrameBit : 0));
    });
    if (angles) this.#addAngles(angles);
    if (reps) this.#addCount(frame, id, reps);
  }

  #addAngles(angles) {
    const byName = new Map(angles.map((angle) => [angle.name, angle]));
    for (const kind of kinds) {
      for (const name of angleNames) {
        const angle = byName.get(name);
        this.#angles.push(angle?.[kind] ?? NaN);
        this.#reasons.push(Math.max(reasons.indexOf(angle?.[`${kind}Missing`]), 0));
      }
    }
  }

  #addCount(frame, id, { exercise, count, working, completed = [], unfinished }) {
    if (!this.#counts.has(id)) this.#counts.set(id, []);
    if (!this.#repetitions.has(id)) this.#repetitions.set(id, { completed: [], unfinished: undefined });
    const [counts, repetitions] = [this.#counts.get(id), this.#repetitions.get(id)];
    const last = counts.at(-1)?.reps;
    const isGuessed = completed.length ? !completed.at(-1).judgedFromSeen : (counts.at(-1)?.isGuessed ?? false);
    if (last?.exercise !== exercise || last.count !== count || last.working !== working) {
      counts.push({ frame, reps: { exercise, count, working }, isGuessed });
    }
    repetitions.completed.push(...completed);
    repetitions.unfinished = unfinished;
  }

  get frameCount() {
    return this.#times.length;
  }

  /** The place of a frame's time in the clip, in seconds. */
  time(frame) {
    return this.#times.at(frame);
  }

  /** The frame's number in the source. */
  number(frame) {
    return this.#numbers.at(frame);
  }

  get lastTime() {
    return this.frameCount ? this.time(this.frameCount - 1) : 0;
  }

  /** The usual time from one frame to the next. */
  get interval() {
    return this.frameCount > 1 ? (this.lastTime - this.time(0)) / (this.frameCount - 1) : 1 / 30;
  }

  /** The last frame that begins at `time` or before; -1 before the first one. */
  frameBegunAt(time) {
    return this.#times.countUpTo(time) - 1;
  }

  /** The frame whose time is nearest; -1 where none is within the usual interval. */
  frameNearest(time) {
    const before = this.frameBegunAt(time);
    const after = before + 1;
    const distance = (frame) => (frame >= 0 && frame < this.frameCount ? Math.abs(this.time(frame) - time) : Infinity);
    const nearest = distance(after) < distance(before) ? after : before;
    return distance(nearest) <= Math.max(this.interval, 0.02) ? nearest : -1;
  }

  /** A time at which the frame is surely on the screen: a player's clock may be rounded. */
  timeWithin(frame) {
    const next = frame + 1 < this.frameCount ? this.time(frame + 1) : this.time(frame) + this.interval;
    return (this.time(frame) + next) / 2;
  }

  /** A frame's result in the shape of the service's JSON, as far as the page shows it. */
  result(frame) {
    const start = frame > 0 ? this.#sightEnds.at(frame - 1) : 0;
    const count = this.#sightEnds.at(frame) - start;
    return {
      frame: this.number(frame),
      time: this.time(frame),
      image: this.size,
      people: Array.from({ length: count }, (_, index) => this.#person(start + index)),
    };
  }

  #person(sight) {
    const landmarks = landmarkNames.map((name, index) => {
      const flags = this.#flags.at(sight * landmarkCount + index);
      const [x, y, z, visibility] = ["x", "y", "z", "visibility"].map((field) => this.value(sight, index, field));
      return { name, x, y, z, visibility, seen: (flags & seenBit) > 0, inFrame: (flags & inFrameBit) > 0 };
    });
    const worldLandmarks = landmarkNames.map((name, index) => {
      const [x, y, z] = ["worldX", "worldY", "worldZ"].map((field) => this.value(sight, index, field));
      return { name, x, y, z };
    });
    const box = Object.fromEntries(sides.map((side, index) => [side, this.#boxes.at(sight * sides.length + index)]));
    const angles = this.hasAngles ? angleNames.map((name, place) => this.#angle(sight, name, place)) : undefined;
    return { id: this.#ids.at(sight), confidence: this.#presences.at(sight), box, landmarks, worldLandmarks, angles };
  }

  /** Whether they were asked for: then everybody has all of them. */
  get hasAngles() {
    return this.#angles.length > 0;
  }

  #angle(sight, name, place) {
    const made = { name };
    for (const kind of kinds) {
      const at = this.#anglePlace(sight, place, kind);
      const value = this.#angles.at(at);
      if (Number.isNaN(value)) Object.assign(made, { [kind]: null, [`${kind}Missing`]: reasons[this.#reasons.at(at)] });
      else made[kind] = value;
    }
    return made;
  }

  #anglePlace = (sight, angle, kind) => (sight * kinds.length + kinds.indexOf(kind)) * angleNames.length + angle;

  /** One angle in degrees, by its place in `angleNames`; NaN for none. */
  angle(sight, angle, kind) {
    return this.hasAngles ? this.#angles.at(this.#anglePlace(sight, angle, kind)) : NaN;
  }

  /** What was counted of a person up to a frame: `{ reps, isGuessed }`, empty for nothing. */
  countAt(id, frame) {
    return this.#counts.get(id)?.findLast((one) => one.frame <= frame) ?? {};
  }

  /** A person's repetitions: those `completed`, and the `unfinished` one of the last frame. */
  repetitions(id) {
    return this.#repetitions.get(id) ?? { completed: [], unfinished: undefined };
  }

  /** One number of a landmark, by the name of its field. */
  value(sight, landmark, field) {
    return this.#landmarks.at((sight * landmarkCount + landmark) * fieldCount + fields[field]);
  }

  isSeen(sight, landmark) {
    return (this.#flags.at(sight * landmarkCount + landmark) & seenBit) > 0;
  }

  /** The frame that a sight is in. */
  frameOf(sight) {
    return this.#frames.at(sight);
  }

  /** How many of a person's sights are in this frame or before. */
  sightsUpTo(id, frame) {
    return this.tracks.get(id).countUpTo(frame, (sight) => this.frameOf(sight));
  }

  /** The frames from which to which a person was seen without a gap, as pairs of first and last. */
  seenSpans(id) {
    return this.#seenSpans.get(id) ?? [];
  }

  /** Those in which a person was lost: remembered, but not seen. */
  lostSpans(id) {
    return this.#lostSpans.get(id) ?? [];
  }
}

/** Adds a frame to the spans of an id. */
function extend(spans, id, frame) {
  if (!spans.has(id)) spans.set(id, []);
  const last = spans.get(id).at(-1);
  if (last?.[1] === frame - 1) last[1] = frame;
  else spans.get(id).push([frame, frame]);
}
