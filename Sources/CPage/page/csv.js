// Landmarks as rows of a table, for people and programs that read CSV.
import { LineSplitter, readLine } from "./clip-lines.js";
import { isInFrame, isSeen } from "./skeleton.js";

/** The columns of a landmark: as in the JSON, then pixels, then metres. */
const csvHead = "landmark,x,y,z,visibility,presence,inFrame,seen,xPixels,yPixels,worldX,worldY,worldZ";

/** A row a landmark of one person in a picture of that size. */
function csvRows({ landmarks, worldLandmarks }, { width, height }) {
  return landmarks.map((landmark, index) => {
    const { name, x, y, z, visibility, presence } = landmark;
    const world = worldLandmarks[index];
    return [
      name, x, y, z, visibility, presence, isInFrame(landmark), isSeen(landmark), x * width, y * height, world.x, world.y, world.z,
    ].join(",");
  });
}

/** A table of a clip's lines of results (`isClip`), or of photos', as the service makes it; `read` calls its argument with the text in pieces. */
export async function csvTable(isClip, read) {
  const parts = [`${isClip ? "frame,time,id" : "file"},person,${csvHead}\r\n`];
  const splitter = new LineSplitter();
  // Read from the lines, so that no digit is lost.
  await read((text) => {
    const results = splitter.add(text).map(readLine).filter((line) => line?.kind === "result");
    const rows = results.flatMap(({ value }) => rowsOf(value, isClip));
    // A Blob's parts need not stay in the page's memory.
    if (rows.length) parts.push(new Blob([rows.join("\r\n"), "\r\n"]));
  });
  return new Blob(parts, { type: "text/csv" });
}

const rowsOf = ({ frame, time, file, image, people }, isClip) =>
  people.flatMap((person, place) => {
    const origin = isClip ? `${frame},${time},${person.id}` : quoted(file ?? "");
    return csvRows(person, image).map((row) => `${origin},${place + 1},${row}`);
  });

/** As RFC 4180 writes what would be taken for more than one cell. */
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
