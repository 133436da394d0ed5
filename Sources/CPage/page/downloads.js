// What can be saved: the server's drawing, its JSON as it came, and a table as CSV.
import { save } from "./dom.js";
import { maskColor } from "./picture.js";
import { requestPose } from "./service.js";
import { isInFrame, isSeen } from "./skeleton.js";

/** Saves a finished photo as `jpeg`, `png`, `json` or `csv`; the drawing shows what the page shows. */
export async function download(photo, format, shows) {
  const name = photo.name.replace(/\.[^.]*$/, "") || "photo";
  switch (format) {
    case "json":
      return save(photo.answer, `${name}.json`);
    case "csv":
      return save(new Blob([csv(photo.result)], { type: "text/csv" }), `${name}.csv`);
    default: {
      const drawing = await requestPose(photo.file, {
        query: { ...photo.query, ...drawingQuery(shows) },
        accept: `image/${format}`,
      });
      return save(drawing, `${name}-pose.${format === "jpeg" ? "jpg" : format}`);
    }
  }
}

function drawingQuery({ joints, bones, labels, guessed, mask }) {
  return {
    joints, bones, labels, guessed,
    ...(mask && { maskColor: `#${maskColor.map((part) => part.toString(16).padStart(2, "0")).join("")}` }),
  };
}

/** A row a landmark: as in the JSON, then pixels, then metres. */
function csv({ image, people }) {
  const head = "person,landmark,x,y,z,visibility,presence,inFrame,seen,xPixels,yPixels,worldX,worldY,worldZ";
  const rows = people.flatMap(({ landmarks, worldLandmarks }, person) =>
    landmarks.map((landmark, index) => {
      const { name, x, y, z, visibility, presence } = landmark;
      const world = worldLandmarks[index];
      return [
        person + 1, name, x, y, z, visibility, presence, isInFrame(landmark), isSeen(landmark),
        x * image.width, y * image.height, world.x, world.y, world.z,
      ].join(",");
    }));
  return [head, ...rows, ""].join("\r\n");
}
