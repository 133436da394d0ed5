// What came of a job: read line by line, saved, and made ready for the tabs that show photos and clips.
import { LineSplitter, readLine } from "./clip-lines.js";
import { csvTable } from "./csv.js";
import { save, saveFrom } from "./dom.js";
import { getResult, readPieces, resultAddress } from "./job-requests.js";
import { accessKey, describe, Problem } from "./service.js";

const stem = ({ name, kind }) => name.replace(/\.[^.]*$/, "") || kind || "job";

/** Whether the result is landmarks, which the page can show, and not drawings. */
export const isLines = ({ told }) => /jsonl|ndjson/.test(told?.result?.mediaType ?? "");

/** Bytes of a result that had better not go through the page. */
const largeResult = 256 * 1024 * 1024;

/** What a result's kind of file is called, and how its names end. */
const endings = { "application/jsonl": "jsonl", "application/x-ndjson": "jsonl", "application/zip": "zip", "application/x-tar": "tar", "video/mp4": "mp4", "text/csv": "csv", "application/json": "json" };

export const endingOf = ({ told }) => endings[told?.result?.mediaType?.split(";")[0]] ?? "bin";

/** Saves the result as the service made it. */
export async function saveResult(job) {
  const name = `${stem(job)}${isLines(job) ? "" : "-pose"}.${endingOf(job)}`;
  // By a link the browser writes to the disk what comes, however large; but a link can't show a key, and the service names the file.
  if (accessKey() || job.told.result.bytes <= largeResult) save(await (await getResult(job.id)).blob(), name);
  else saveFrom(resultAddress(job.id), name);
}

/** Saves a result of lines as a table. */
export async function saveTable(job) {
  const answer = await getResult(job.id);
  save(await csvTable(job.isVideo, (onText) => readPieces(answer, onText)), `${stem(job)}.csv`);
}

/** Calls `onText` with the lines of a video's result, in pieces. */
export async function readClip(job, { signal, onText }) {
  await readPieces(await getResult(job.id, signal), onText);
}

/** The photos of a job, `{ name, text, result }` or `{ name, problem }`, at most so many. */
export async function readPhotos(job, most) {
  const photos = [];
  await eachPhoto(job, (photo) => {
    photos.push(photo);
    return photos.length < most;
  });
  return photos;
}

/** Those photos that could not be looked at, at most so many. */
export async function readFailures(job, most) {
  const failures = [];
  await eachPhoto(job, (photo) => {
    if (photo.problem) failures.push(photo);
    return failures.length < most;
  });
  return failures;
}

/** Goes through the result's photos until `onPhoto` gives false. */
async function eachPhoto(job, onPhoto) {
  const splitter = new LineSplitter();
  const end = new AbortController();
  try {
    await readPieces(await getResult(job.id, end.signal), (text) => {
      for (const line of splitter.add(text)) {
        const photo = readPhoto(line);
        if (photo && !end.signal.aborted && !onPhoto(photo)) end.abort();
      }
    });
  } catch (error) {
    if (!end.signal.aborted) throw error;
  }
}

/** A line of the result: a photo, a failed one, or undefined for the first and the last line. */
function readPhoto(line) {
  const said = readLine(line);
  if (!said) throw new Problem("other", line.slice(0, 200));
  const name = said.value?.file ?? JSON.parse(line).file;
  if (said.kind === "result") return { name, text: line, result: said.value };
  if (said.kind === "error" && name !== undefined) return { name, problem: describe(new Problem(said.value.code ?? "other", said.value.detail)) };
  return undefined;
}
