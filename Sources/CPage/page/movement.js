// Angles of joints and repetitions of exercises: how the service names them, and the words for its numbers. It measures and counts;
// the page shows what comes (docs/motion.md).
import { angleTitle, exerciseTitle, say } from "./language.js";
import { landmarkNames } from "./skeleton.js";

/** What `reps` may be, but for `auto`. */
export const exercises = ["squat", "push-up", "sit-up", "lunge", "deadlift", "curl", "press", "raise", "jumping-jack", "pull-up"];

/** Those of `angles=all`, in the service's order. */
export const angleNames = [
  "leftKnee", "rightKnee", "leftHip", "rightHip", "leftElbow", "rightElbow", "leftShoulder", "rightShoulder", "leftAnkle", "rightAnkle",
  "trunk", "pelvis", "shoulders", "neck", "leftKneeValgus", "rightKneeValgus",
];

/** The landmarks by which an angle is drawn, as places: a limb's end, the joint, the other end. */
const limbs = Object.fromEntries(
  ["left", "right"].flatMap((side) =>
    [["Knee", "Hip", "Ankle"], ["Hip", "Shoulder", "Knee"], ["Elbow", "Shoulder", "Wrist"], ["Shoulder", "Hip", "Elbow"], ["Ankle", "Knee", "FootIndex"]].map(
      ([joint, from, to]) => [`${side}${joint}`, [from, joint, to].map((name) => landmarkNames.indexOf(side + name))],
    )),
);

/** An angle's number in whole degrees, or why there is none; `kind` is `plane` or `world`. */
export function angleWords(angle, kind) {
  const value = angle[kind];
  return typeof value === "number" ? `${Math.round(value)}°` : say(missing[angle[`${kind}Missing`]] ?? "notSeen");
}

const missing = { notSeen: "notSeen", view: "angleView", degenerate: "angleDegenerate" };

/** A person's angles that stand at a joint: `{ joint, words }`, by metres for 3D. */
export const anglesInSpace = ({ angles = [] }) =>
  angles.flatMap((angle) => (limbs[angle.name] && typeof angle.world === "number" ? [{ joint: limbs[angle.name][1], words: angleWords(angle, "world") }] : []));

/**
 * A person's angles as they are drawn over a picture: `{ x, y, words, arc }`, the joint's place, the number, an SVG path of the bend. Where the
 * picture's own angle is missing the one by metres stands there, marked ≈ and without an arc. `at` gives a landmark's place, in
 * whose unit `radius` is.
 */
export function angleMarks({ angles = [], landmarks }, at, radius) {
  return angles.flatMap((angle) => {
    const limb = limbs[angle.name];
    const isPlane = typeof angle.plane === "number";
    if (!limb || (!isPlane && typeof angle.world !== "number")) return [];
    const [from, joint, to] = limb.map((place) => at(landmarks[place]));
    const words = isPlane ? angleWords(angle, "plane") : `≈${angleWords(angle, "world")}`;
    return [{ ...joint, words, arc: isPlane ? arcOf(angle.name, from, joint, to, radius) : "" }];
  });
}

/** The arc of the angle's own size: from the trunk to the arm, else from where the straight limb would be. */
function arcOf(name, from, joint, to, radius) {
  if (name.endsWith("Ankle")) return "";
  const sign = name.endsWith("Shoulder") ? 1 : -1;
  const start = Math.atan2(sign * (from.y - joint.y), sign * (from.x - joint.x));
  const end = Math.atan2(to.y - joint.y, to.x - joint.x);
  const isForward = Math.sin(end - start) > 0;
  const place = (angle) => `${joint.x + radius * Math.cos(angle)} ${joint.y + radius * Math.sin(angle)}`;
  return `M${place(start)}A${radius} ${radius} 0 0 ${isForward ? 1 : 0} ${place(end)}`;
}

/** The choices of a select: off, found by itself, each exercise. */
export function writeExercises(select, chosen) {
  const choices = [["", say("exerciseOff")], ["auto", say("exerciseAuto")], ...exercises.map((name) => [name, exerciseTitle(name)])];
  select.replaceChildren(...choices.map(([value, words]) => Object.assign(document.createElement("option"), { value, textContent: words })));
  select.value = chosen;
}

/** Whether `value` is one of those choices, as remembered ones may not be. */
export const isExercise = (value) => value === "" || value === "auto" || exercises.includes(value);

/** The rows of a table of angles: name, by the picture, by metres. */
export const angleRows = ({ angles = [] }) => angles.map((angle) => [angleTitle(angle.name), angleWords(angle, "plane"), angleWords(angle, "world")]);
