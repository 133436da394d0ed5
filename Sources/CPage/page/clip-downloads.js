// What can be saved of a clip: the lines as they came, a table as CSV, the MP4 that the service draws.
import { FragmentClock } from "./clip-fragments.js";
import { LineSplitter, readLine } from "./clip-lines.js";
import { requestDrawnClip } from "./clip-request.js";
import { csvHead, csvRows } from "./csv.js";

const stem = ({ name }) => name.replace(/\.[^.]*$/, "") || "clip";

export const linesFile = (clip) => ({ blob: clip.lines, name: `${stem(clip)}.jsonl` });

/** A row a landmark, in the columns of the service's own table (`PoseFormats/Formats/CSV.swift`); read from the lines, so that no digit is lost. */
export async function csvFile(clip) {
  const parts = [`frame,time,id,person,${csvHead}\r\n`];
  const splitter = new LineSplitter();
  const reader = clip.lines.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const rows = splitter.add(value).map(readLine).flatMap((line) => (line?.kind === "result" ? frameRows(line.value) : []));
    // A Blob's parts need not stay in the page's memory.
    if (rows.length) parts.push(new Blob([rows.join("\r\n"), "\r\n"]));
  }
  return { blob: new Blob(parts, { type: "text/csv" }), name: `${stem(clip)}.csv` };
}

const frameRows = ({ frame, time, image, people }) =>
  people.flatMap((person, place) => csvRows(person, image).map((row) => `${frame},${time},${person.id},${place + 1},${row}`));

/**
 * Has the service draw the clip; `query` is added to what the clip was looked at with. `onProgress` hears `{ waiting }`, `{}` while the clip is sent, then
 * `{ part }` of the clip.
 */
export async function drawnFile(clip, { query, signal, onProgress }) {
  const parts = [];
  const clock = new FragmentClock();
  await requestDrawnClip(clip.file, {
    query: { ...clip.query, ...query },
    signal,
    onProgress,
    onBytes: (bytes) => {
      parts.push(new Blob([bytes]));
      clock.add(bytes);
      if (clip.duration) onProgress({ computing: true, part: Math.min(clock.time / clip.duration, 1) });
    },
  });
  return { blob: new Blob(parts, { type: "video/mp4" }), name: `${stem(clip)}-pose.mp4` };
}
