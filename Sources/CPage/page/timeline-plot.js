// The curves of a clip's landmarks and angles over time: one lane for each, one curve a person, thinned to the canvas's columns.
import { colorsOf } from "./colors.js";

/** What can be plotted, by name: its unit and how it is found for a sight. */
const quantities = {
  speed: { unit: "px/s", of: speed },
  angleWorld: { unit: "°", isAngle: true, of: (results, sight, angle) => results.angle(sight, angle, "world") },
  anglePlane: { unit: "°", isAngle: true, of: (results, sight, angle) => results.angle(sight, angle, "plane") },
  x: { unit: "px", of: (results, sight, landmark) => results.value(sight, landmark, "x") * results.size.width },
  y: { unit: "px", of: (results, sight, landmark) => results.value(sight, landmark, "y") * results.size.height, isDown: true },
  worldX: { unit: "m", of: (results, sight, landmark) => results.value(sight, landmark, "worldX") },
  worldY: { unit: "m", of: (results, sight, landmark) => results.value(sight, landmark, "worldY"), isDown: true },
  worldZ: { unit: "m", of: (results, sight, landmark) => results.value(sight, landmark, "worldZ") },
};

export const isAngle = (quantity) => quantities[quantity].isAngle ?? false;

export const unitOf = (quantity) => quantities[quantity].unit;

/** In pixels a second: from the frame before to the frame after, as far as the person is in them; undefined alone. */
function speed(results, sight, landmark, before, after) {
  const [from, to] = [before ?? sight, after ?? sight];
  if (from === to) return undefined;
  const { width, height } = results.size;
  const dx = (results.value(to, landmark, "x") - results.value(from, landmark, "x")) * width;
  const dy = (results.value(to, landmark, "y") - results.value(from, landmark, "y")) * height;
  return Math.hypot(dx, dy) / (results.time(results.frameOf(to)) - results.time(results.frameOf(from)));
}

/**
 * The curves of one landmark, or angle, by its place: a list of `{ id, pieces }`, and the `least` and `most` of all values. A piece is a list of columns
 * `{ x, first, least, most, last }` in which the person was there from frame to frame: a gap ends it, and so does a sight that
 * `isHidden` or has no angle. `xOf` gives a time's place on the canvas.
 */
export function curves(results, { landmark, quantity, isHidden, xOf }) {
  const { of } = quantities[quantity];
  const made = [];
  let [least, most] = [Infinity, -Infinity];
  for (const [id, sights] of results.tracks) {
    const pieces = [];
    let piece;
    let column;
    let frameBefore;
    for (let place = 0; place < sights.length; place += 1) {
      const sight = sights.at(place);
      const frame = results.frameOf(sight);
      const isNext = frame - 1 === frameBefore;
      frameBefore = frame;
      if (!isNext) piece = undefined;
      if (isHidden(sight)) {
        piece = undefined;
        continue;
      }
      const after = place + 1 < sights.length && results.frameOf(sights.at(place + 1)) === frame + 1 ? sights.at(place + 1) : undefined;
      const value = of(results, sight, landmark, isNext ? sights.at(place - 1) : undefined, after);
      if (value === undefined) continue;
      if (Number.isNaN(value)) {
        piece = undefined;
        continue;
      }
      least = Math.min(least, value);
      most = Math.max(most, value);
      if (!piece) {
        pieces.push((piece = []));
        column = undefined;
      }
      const x = Math.round(xOf(results.time(frame)));
      if (column?.x === x) {
        column.least = Math.min(column.least, value);
        column.most = Math.max(column.most, value);
        column.last = value;
      } else {
        piece.push((column = { x, first: value, least: value, most: value, last: value }));
      }
    }
    made.push({ id, pieces });
  }
  return { curves: made, least, most };
}

/** Draws one lane: its curves between `top` and `bottom`, the bounds of the values at its left edge, its title above them. */
export function drawLane(context, lane, { top, bottom, left, right, quantity, title, chosen }) {
  const { least, most } = lane;
  context.strokeStyle = "rgb(255 255 255 / 14%)";
  context.lineWidth = 1;
  for (const y of [top, bottom]) line(context, left, Math.round(y) + 0.5, right, Math.round(y) + 0.5);
  if (most >= least) {
    const room = most - least || 1;
    // y and Y grow downwards, as in the picture.
    const yOf = (value) => {
      const part = (value - least) / room;
      return quantities[quantity].isDown ? top + 3 + part * (bottom - top - 6) : bottom - 3 - part * (bottom - top - 6);
    };
    for (const { id, pieces } of lane.curves) {
      context.strokeStyle = context.fillStyle = colorsOf(id).bone;
      context.lineWidth = id === chosen ? 2.25 : 1.25;
      context.globalAlpha = chosen === undefined || id === chosen ? 1 : 0.75;
      for (const piece of pieces) drawPiece(context, piece, yOf);
    }
    context.globalAlpha = 1;
    const { isDown } = quantities[quantity];
    const number = numberFor(room);
    write(context, number(isDown ? least : most), left - 6, top + 10, "right");
    write(context, number(isDown ? most : least), left - 6, bottom - 1, "right");
  }
  context.font = `600 ${font}`;
  write(context, `${title}, ${unitOf(quantity)}`, left + 2, top - 5, "left");
  context.font = font;
}

export const font = "11px system-ui, sans-serif";

function drawPiece(context, piece, yOf) {
  if (piece.length === 1 && piece[0].least === piece[0].most) {
    context.fillRect(piece[0].x - 1, yOf(piece[0].first) - 1, 2, 2);
    return;
  }
  context.beginPath();
  for (const { x, first, least, most, last } of piece) {
    context.lineTo(x + 0.5, yOf(first));
    if (least < Math.min(first, last) || most > Math.max(first, last)) {
      context.lineTo(x + 0.5, yOf(least));
      context.lineTo(x + 0.5, yOf(most));
    }
    context.lineTo(x + 0.5, yOf(last));
  }
  context.stroke();
}

export function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

export function write(context, words, x, y, align) {
  context.fillStyle = "#c8cdd5";
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  context.fillText(words, x, y);
}

/** Values with as many digits as tell their differences apart. */
function numberFor(room) {
  const digits = Math.min(Math.max(1 - Math.floor(Math.log10(room)), 0), 3);
  return (value) => value.toFixed(digits);
}
