// Landmarks as rows of a table, for people and programs that read CSV.
import { isInFrame, isSeen } from "./skeleton.js";

/** The columns of a landmark: as in the JSON, then pixels, then metres. */
export const csvHead = "landmark,x,y,z,visibility,presence,inFrame,seen,xPixels,yPixels,worldX,worldY,worldZ";

/** A row a landmark of one person in a picture of that size. */
export function csvRows({ landmarks, worldLandmarks }, { width, height }) {
  return landmarks.map((landmark, index) => {
    const { name, x, y, z, visibility, presence } = landmark;
    const world = worldLandmarks[index];
    return [
      name, x, y, z, visibility, presence, isInFrame(landmark), isSeen(landmark), x * width, y * height, world.x, world.y, world.z,
    ].join(",");
  });
}
