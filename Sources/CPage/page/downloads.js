// What can be saved: the server's drawing, its JSON as it came, and a table as CSV.
import { csvHead, csvRows } from "./csv.js";
import { save } from "./dom.js";
import { maskColor } from "./picture.js";
import { requestPose } from "./service.js";

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

/** A row a landmark. */
function csv({ image, people }) {
  const rows = people.flatMap((person, place) => csvRows(person, image).map((row) => `${place + 1},${row}`));
  return [`person,${csvHead}`, ...rows, ""].join("\r\n");
}
