// Which recorded pose a body is like, found as the service finds it (PostureClassifier, docs/motion.md); here, so that examples stay in
// the browser.
import { isSeen, landmarkNames } from "./skeleton.js";

/** The joints that are compared, and pairs of them by their places among these; wrist to hip counts twice. */
const joints = ["Shoulder", "Elbow", "Wrist", "Hip", "Knee", "Ankle"]
  .flatMap((joint) => [`left${joint}`, `right${joint}`]).map((name) => landmarkNames.indexOf(name));
const pairs = [
  [0, 2], [1, 3], [2, 4], [3, 5], [6, 8], [7, 9], [8, 10], [9, 11], [0, 4], [1, 5], [6, 10], [7, 11], [6, 4], [7, 5], [0, 10], [1, 11],
  [6, 4], [7, 5], [2, 3], [8, 9], [4, 5], [10, 11],
];
/** The body's size becomes this, which is at least so many trunk lengths; depth counts less, since it is known less well. */
const [scale, leastTrunks, depthWeight] = [100, 2.5, 0.2];
/** Of so many by the largest difference so many vote by the mean one. */
const [byLargest, byMean] = [30, 10];
/** A label's limit is the distance that this share of its samples keep, of so many at most, between those of the service's own labels. */
const [share, mostJudged, leastLimit, mostLimit] = [0.95, 256, 7.8, 15.6];
/** Seconds after which an old vote counts 1/e; a label is entered and left at these shares of the votes. */
const [smoothing, entered, left] = [0.15, 0.6, 0.4];

/** A person's 33 points in pixels as `[x, y, z]`, of a result for a picture of that size; undefined where too little was seen. */
export function pointsOf({ landmarks }, { width, height }) {
  if (joints.filter((joint) => isSeen(landmarks[joint])).length < joints.length / 2) return undefined;
  return landmarks.map(({ x, y, z }) => [x * width, y * height, z * width]);
}

/** The 69 numbers that two poses are compared by; undefined where the points have no size. */
export function embedding(points) {
  const named = (name) => points[landmarkNames.indexOf(name)];
  const middle = (joint) => named(`left${joint}`).map((value, axis) => (value + named(`right${joint}`)[axis]) / 2);
  const [hips, shoulders] = [middle("Hip"), middle("Shoulder")];
  const reach = (point) => Math.hypot(point[0] - hips[0], point[1] - hips[1]);
  const size = Math.max(leastTrunks * reach(shoulders), ...points.map(reach));
  if (!(size > 0 && Number.isFinite(size))) return undefined;
  const placed = joints.map((joint) => points[joint].map((value, axis) => ((value - hips[axis]) * scale) / size));
  const half = (one, other) => one.map((value, axis) => (value + other[axis]) / 2);
  const [top, bottom] = [half(placed[0], placed[1]), half(placed[6], placed[7])];
  const differences = [[bottom, top], ...pairs.map(([from, to]) => [placed[from], placed[to]])];
  return Float32Array.from(
    differences.flatMap(([from, to]) => [to[0] - from[0], to[1] - from[1], (to[2] - from[2]) * depthWeight]),
  );
}

/** Tells labelled poses apart by their nearest samples: `{ name, label, points }`. */
export class PostureClassifier {
  #samples;
  #voters;

  constructor(samples) {
    this.#samples = samples.flatMap(({ name, label, points }) => {
      const values = embedding(points);
      return values ? [{ label, clip: clipOf(name), values }] : [];
    });
    const counts = new Map();
    for (const { label } of this.#samples) counts.set(label, (counts.get(label) ?? 0) + 1);
    this.labels = [...counts.keys()].sort();
    this.#voters = Math.min(byMean, ...counts.values());
    /** From which distance on a pose is none, by label. */
    this.limits = Object.fromEntries(this.labels.map((label) => [label, this.#limit(label)]));
  }

  /** `{ label, votes, distance }`: no label where all samples are too far; `except` may leave samples out. */
  classify(values, except = () => false) {
    const nearest = this.#nearest(values, except);
    if (!nearest.length) return { label: undefined, votes: {}, distance: Infinity };
    const votes = {};
    for (const { sample } of nearest) votes[sample.label] = (votes[sample.label] ?? 0) + 1 / nearest.length;
    // Of as many votes the first label of the alphabet, as the service has it.
    const [most] = Object.keys(votes).sort((a, b) => votes[b] - votes[a] || (a < b ? -1 : 1));
    const distance = mean(nearest.map((one) => one.distance));
    return { label: distance <= (this.limits[most] ?? Infinity) ? most : undefined, votes, distance };
  }

  #nearest(values, except) {
    const near = (list, count) => list.sort((a, b) => a.distance - b.distance).slice(0, count);
    const first = this.#samples.filter((sample) => !except(sample)).map((sample) => ({ sample, distance: largest(sample.values, values) }));
    return near(near(first, byLargest).map(({ sample }) => ({ sample, distance: average(sample.values, values) })), this.#voters);
  }

  /** Samples are judged by those of other recordings, where there are any. */
  #limit(label) {
    const own = this.#samples.filter((sample) => sample.label === label);
    const isOne = new Set(own.map(({ clip }) => clip)).size === 1;
    const step = Math.max(1, Math.floor(own.length / mostJudged));
    const distances = own.filter((_, place) => place % step === 0).map((sample) => {
      const nearest = this.#nearest(sample.values, (other) => other === sample || (!isOne && other.clip === sample.clip));
      return nearest.length ? mean(nearest.map(({ distance }) => distance)) : 0;
    });
    const limit = distances.sort((a, b) => a - b)[Math.ceil(distances.length * share) - 1];
    return Math.max(leastLimit, Math.min(mostLimit, limit));
  }
}

/** A pose that is mirrored is the same: the lesser of both. */
function largest(sample, pose) {
  let [straight, mirrored] = [0, 0];
  for (let at = 0; at < pose.length; at += 3) {
    const rest = Math.max(Math.abs(sample[at + 1] - pose[at + 1]), Math.abs(sample[at + 2] - pose[at + 2]));
    straight = Math.max(straight, Math.abs(sample[at] - pose[at]), rest);
    mirrored = Math.max(mirrored, Math.abs(sample[at] + pose[at]), rest);
  }
  return Math.min(straight, mirrored);
}

function average(sample, pose) {
  let [straight, mirrored] = [0, 0];
  for (let at = 0; at < pose.length; at += 3) {
    const rest = Math.abs(sample[at + 1] - pose[at + 1]) + Math.abs(sample[at + 2] - pose[at + 2]);
    straight += Math.abs(sample[at] - pose[at]) + rest;
    mirrored += Math.abs(sample[at] + pose[at]) + rest;
  }
  return Math.min(straight, mirrored) / pose.length;
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The recording that a sample is from: its name before the last two underscores. */
const clipOf = (name) => (name.includes("__") ? name.slice(0, name.lastIndexOf("__")) : name);

/** Votes for one person, smoothed in time, and the label that they hold to. */
export class PostureVotes {
  #confidence = new Map();
  #last;
  label;

  get confidence() {
    return this.#confidence.get(this.label) ?? 0;
  }

  /** Takes an answer at a time in seconds; none, and one without a label, speak against all. */
  add(answer, time) {
    const weight = this.#last === undefined ? 1 : 1 - Math.exp(-Math.max(0, time - this.#last) / smoothing);
    this.#last = time;
    const votes = answer?.label === undefined ? {} : answer.votes;
    for (const label of new Set([...this.#confidence.keys(), ...Object.keys(votes)])) {
      const old = this.#confidence.get(label) ?? 0;
      this.#confidence.set(label, old + weight * ((votes[label] ?? 0) - old));
    }
    if (this.label !== undefined && this.confidence <= left) this.label = undefined;
    const [best] = [...this.#confidence].filter(([, share]) => share >= entered).sort((a, b) => b[1] - a[1]);
    this.label ??= best?.[0];
  }
}

/** The table that `stance examples` writes and MediaPipe's tools read: a name, the label, 33 times x, y, z in pixels. */
export const postureTable = (samples) => samples.map(({ name, label, points }) => [name, label, ...points.flat()].join(",") + "\n").join("");

/** The samples of such a table; throws the number of a line that is none. */
export function readPostureTable(text) {
  return text.split(/\r\n|\n|\r/).flatMap((line, place) => {
    if (!line.trim()) return [];
    const [name, label, ...cells] = line.split(",");
    const numbers = cells.map((cell) => (cell.trim() ? Number(cell) : NaN));
    if (!label || numbers.length !== 99 || !numbers.every(Number.isFinite)) throw place + 1;
    return [{ name, label, points: landmarkNames.map((_, index) => numbers.slice(3 * index, 3 * index + 3)) }];
  });
}
