// What can be saved of a clip: the lines as they came, a table as CSV, the MP4 that the service draws.
import { FragmentClock } from "./clip-fragments.js";
import { requestDrawnClip } from "./clip-request.js";
import { csvTable } from "./csv.js";

const stem = ({ name }) => name.replace(/\.[^.]*$/, "") || "clip";

export const linesFile = (clip) => ({ blob: clip.lines, name: `${stem(clip)}.jsonl` });

/** A row a landmark, in the columns of the service's own table (`PoseFormats/Formats/CSV.swift`). */
export async function csvFile(clip) {
  const blob = await csvTable(true, async (onText) => {
    const reader = clip.lines.stream().pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onText(value);
    }
  });
  return { blob, name: `${stem(clip)}.csv` };
}

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
