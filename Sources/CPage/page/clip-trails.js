// Where hips, wrists and ankles have just been, as in the clips that the service draws (Sources/PoseRendering/Trails).
import { colorsOf } from "./colors.js";

/** In seconds. */
const length = 1.5;
const followed = [[23, 24], [15], [16], [27], [28]];

/** Draws a trail a point: of everybody who was there within the last 1.5 s before this frame, also of those who are lost now. */
export function drawTrails(context, results, frame, placement) {
  const now = results.time(frame);
  context.lineCap = context.lineJoin = "round";
  for (const [id, sights] of results.tracks) {
    const recent = [];
    for (let place = results.sightsUpTo(id, frame) - 1; place >= 0; place -= 1) {
      const sight = sights.at(place);
      if (now - results.time(results.frameOf(sight)) > length) break;
      recent.push(sight);
    }
    context.strokeStyle = colorsOf(id).bone;
    for (const landmarks of followed) drawTrail(context, results, recent, landmarks, now, placement);
  }
  context.globalAlpha = 1;
}

/** From new to old; a gap and a landmark that was not seen end a piece. */
function drawTrail(context, results, recent, landmarks, now, placement) {
  for (let place = 0; place + 1 < recent.length; place += 1) {
    const [newer, older] = [recent[place], recent[place + 1]];
    const [from, to] = [newer, older].map((sight) => results.frameOf(sight));
    const isSeen = [newer, older].every((sight) => landmarks.every((landmark) => results.isSeen(sight, landmark)));
    if (from - to > 1 || !isSeen) continue;
    const age = (now - results.time(to)) / length;
    context.globalAlpha = 0.9 * (1 - age);
    context.lineWidth = 1 + 2 * (1 - age);
    context.beginPath();
    for (const sight of [newer, older]) {
      const mean = (field) => landmarks.reduce((sum, landmark) => sum + results.value(sight, landmark, field), 0) / landmarks.length;
      const { x, y } = placement.at({ x: mean("x"), y: mean("y") });
      context.lineTo(x, y);
    }
    context.stroke();
  }
}
