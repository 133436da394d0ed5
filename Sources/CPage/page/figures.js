// People drawn on a canvas, over a moving picture. A photo's are SVG (picture.js), which stays sharp when it is printed or zoomed.
import { colorsOf } from "./colors.js";
import { overlaps, within } from "./geometry.js";
import { landmarkTitle } from "./language.js";
import { angleMarks } from "./movement.js";
import { bones, isInFrame, isSeen, isSmall, landmarkNames } from "./skeleton.js";

const fontSize = 12;

/** A joint's radius in CSS pixels: one for all at arm's length, smaller for people who are small in the picture. */
export function strokeSize(box, scale) {
  return within(2.2, Math.hypot(box.width, box.height) * scale * 0.011, 6);
}

/**
 * Where a picture's points are on a canvas: `scale` CSS pixels a pixel of the picture, which has this size; mirrored or not.
 * Landmarks are given as in the results, in parts of the picture.
 */
export class Placement {
  constructor({ size, scale, isMirrored = false }) {
    Object.assign(this, { size, scale, isMirrored, width: size.width * scale, height: size.height * scale });
  }

  at({ x, y }) {
    return { x: (this.isMirrored ? 1 - x : x) * this.width, y: y * this.height };
  }

  /** A box in the picture's pixels. */
  box({ x, y, width, height }) {
    const left = this.isMirrored ? this.size.width - x - width : x;
    return { x: left * this.scale, y: y * this.scale, width: width * this.scale, height: height * this.scale };
  }
}

/**
 * Draws people of a result; the context's unit is the CSS pixel. `shows` as in shows.js; `chosen` is the id that a frame is drawn
 * round.
 */
export function drawFigures(context, people, { placement, shows, chosen }) {
  const taken = [];
  for (const person of people) {
    const colors = colorsOf(person.id);
    const points = person.landmarks.map((landmark) => {
      const isPlain = shows.guessed === "plain" || isSeen(landmark);
      return { ...placement.at(landmark), isPlain, isShown: isPlain || shows.guessed !== "hidden", landmark };
    });
    const size = strokeSize(person.box, placement.scale);
    if (person.id !== undefined && person.id === chosen) drawBox(context, placement.box(person.box), "#fff");
    if (shows.bones) drawBones(context, points, size, colors);
    if (shows.joints) drawJoints(context, points, size, colors);
    if (shows.labels) drawNames(context, points, placement, taken);
    if (shows.angles) drawAngles(context, person, placement, taken);
  }
  for (const person of people) {
    if (person.id !== undefined && shows.ids !== false) drawID(context, person, placement);
  }
}

/** Where somebody was last seen: a broken frame with the id. */
export function drawLost(context, { id, box }, placement) {
  context.globalAlpha = 0.7;
  drawBox(context, placement.box(box), colorsOf(id).bone);
  const { x, y, width } = placement.box(box);
  drawCapsule(context, `${id} ?`, x + width / 2, y, placement, colorsOf(id));
  context.globalAlpha = 1;
}

/** The person at a point of the canvas: the one with the nearest joint within `reach`, else in the smallest box round it. */
export function personAt(people, point, placement, reach) {
  let [best, least] = [undefined, reach];
  for (const person of people) {
    for (const landmark of person.landmarks) {
      const { x, y } = placement.at(landmark);
      const distance = Math.hypot(x - point.x, y - point.y);
      if (isInFrame(landmark) && distance < least) [best, least] = [person, distance];
    }
  }
  if (best) return best;
  const area = ({ box }) => box.width * box.height;
  return people
    .filter((person) => {
      const { x, y, width, height } = placement.box(person.box);
      return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
    })
    .sort((a, b) => area(a) - area(b))[0];
}

function drawBones(context, points, size, colors) {
  const lines = bones
    .map(([from, to]) => ({ from: points[from], to: points[to], isFace: to <= 10 }))
    .filter(({ from, to }) => from.isShown && to.isShown);
  context.lineCap = "round";
  // All edges first, so that no bone's edge crosses another bone.
  for (const isEdge of [true, false]) {
    for (const { from, to, isFace } of lines) {
      const isGuessed = !from.isPlain || !to.isPlain;
      if (isEdge && isGuessed) continue;
      const width = size * (isFace ? 0.45 : 0.75) * (isGuessed ? 0.6 : 1);
      context.strokeStyle = isEdge ? "rgb(0 0 0 / 45%)" : colors.bone;
      context.lineWidth = isEdge ? width + 1.5 : width;
      context.globalAlpha = isGuessed ? 0.6 : 1;
      context.setLineDash(isGuessed ? [3, 5] : []);
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function drawJoints(context, points, size, colors) {
  points.forEach(({ x, y, isPlain, isShown }, place) => {
    if (!isShown) return;
    context.beginPath();
    context.arc(x, y, size * (isSmall(place) ? 0.65 : 1), 0, 2 * Math.PI);
    context.lineWidth = isPlain ? 1 : 1.75;
    context.strokeStyle = isPlain ? "rgb(0 0 0 / 45%)" : colors.joint;
    context.fillStyle = colors.joint;
    if (isPlain) context.fill();
    context.stroke();
  });
}

/** Names to the right of their joints where there is room, else to the left; one that would lie on another is left out. */
function drawNames(context, points, { width: most }, taken) {
  context.font = `600 ${fontSize}px system-ui, sans-serif`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = "rgb(0 0 0 / 75%)";
  context.fillStyle = "#fff";
  points.forEach(({ x, y, isShown, landmark }, place) => {
    if (!isShown || !isInFrame(landmark)) return;
    const name = landmarkTitle(landmarkNames[place]);
    const { width } = context.measureText(name);
    const area = { x: x + 8 + width <= most ? x + 8 : x - 8 - width, y: y - fontSize / 2, width, height: fontSize };
    if (taken.some((other) => overlaps(area, other))) return;
    taken.push(area);
    context.strokeText(name, area.x, y);
    context.fillText(name, area.x, y);
  });
}

/** Degrees to the right of their joints, or to the left, and arcs that are as large as the bend. */
function drawAngles(context, person, placement, taken) {
  const radius = 5 * strokeSize(person.box, placement.scale);
  context.lineJoin = "round";
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.font = `700 ${fontSize + 1}px system-ui, sans-serif`;
  for (const { x, y, words, arc } of angleMarks(person, (landmark) => placement.at(landmark), radius)) {
    for (const [style, width] of [["rgb(0 0 0 / 60%)", 4], ["#fff", 2]]) {
      [context.strokeStyle, context.lineWidth] = [style, width];
      context.stroke(new Path2D(arc));
    }
    const { width } = context.measureText(words);
    const left = x + 10 + width <= placement.width ? x + 10 : x - 10 - width;
    const area = { x: left, y: y - fontSize / 2, width, height: fontSize };
    if (taken.some((other) => overlaps(area, other))) continue;
    taken.push(area);
    [context.strokeStyle, context.lineWidth, context.fillStyle] = ["rgb(0 0 0 / 75%)", 3, "#fff"];
    context.strokeText(words, left, y);
    context.fillText(words, left, y);
  }
}

function drawBox(context, { x, y, width, height }, color) {
  context.setLineDash([5, 5]);
  context.lineWidth = 1.5;
  context.strokeStyle = color;
  context.strokeRect(x, y, width, height);
  context.setLineDash([]);
}

/** The id above the head, which reaches about as far above the nose as the shoulders lie below it. */
function drawID(context, { id, landmarks }, placement) {
  const [nose, left, right] = [0, 11, 12].map((index) => placement.at(landmarks[index]));
  const neck = Math.hypot(nose.x - (left.x + right.x) / 2, nose.y - (left.y + right.y) / 2);
  drawCapsule(context, String(id), nose.x, nose.y - Math.max(0.85 * neck, 14) - 4, placement, colorsOf(id));
}

/** Words on a capsule, with the middle of its lower edge at a point, but inside the picture. */
function drawCapsule(context, words, x, y, { width: most, height: lowest }, colors) {
  context.font = `700 ${fontSize + 2}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const height = 22;
  const width = Math.max(context.measureText(words).width + 14, height);
  const left = within(1, x - width / 2, most - width - 1);
  const top = within(1, y - height, lowest - height - 1);
  context.beginPath();
  context.roundRect(left, top, width, height, height / 2);
  context.fillStyle = colors.bone;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = "rgb(0 0 0 / 60%)";
  context.stroke();
  context.fillStyle = colors.ink;
  context.fillText(words, left + width / 2, top + height / 2 + 1);
}
