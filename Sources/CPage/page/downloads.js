// What can be saved: the server's drawing and its table, and its JSON as it came.
import { csvTable } from "./csv.js";
import { save } from "./dom.js";
import { pictureQuery } from "./photos.js";
import { maskColor } from "./picture.js";
import { requestPose } from "./service.js";

/** Saves a finished photo as `jpeg`, `png`, `json` or `csv`; the drawing shows what the page shows. */
export async function download(photo, format, shows) {
  const name = photo.name.replace(/\.[^.]*$/, "") || "photo";
  switch (format) {
    case "json":
      return save(photo.answer, `${name}.json`);
    case "csv":
      // Of a photo of a job there may be no picture to send.
      if (!photo.file) return save(await csvTable(false, async (onText) => onText(`${await photo.answer.text()}\n`)), `${name}.csv`);
      return save(await requestPose(photo.file, { query: photo.query, accept: "text/csv" }), `${name}.csv`);
    default: {
      const drawing = await requestPose(photo.file, {
        query: { ...pictureQuery(photo), ...drawingQuery(shows) },
        accept: `image/${format}`,
      });
      return save(drawing, `${name}-pose.${format === "jpeg" ? "jpg" : format}`);
    }
  }
}

/** What a drawing shows, as the page does. */
export function drawingQuery({ joints, bones, labels, guessed, mask, angles }) {
  return {
    joints, bones, labels, guessed,
    ...(angles && { angles: "all" }),
    ...(mask && { maskColor: `#${maskColor.map((part) => part.toString(16).padStart(2, "0")).join("")}` }),
  };
}
