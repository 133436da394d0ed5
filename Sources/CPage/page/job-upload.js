// What is handed over, as one request that can be repeated: the same key with the same bytes is the same job.
import { parsed, readJob } from "./job-requests.js";
import { aboutServer, addressOf, authorization, Problem, problemIn, waitWhileBusy } from "./service.js";

/** A connection that broke is tried again after so many milliseconds each. */
const pauses = [1000, 3000, 10_000, 30_000];

/** A name for the request that nobody else has. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Tells whether these files are those of a hand-over that broke off: a checksum of names, sizes and times. */
export function markOf(files) {
  const text = JSON.stringify(files.map(({ name, size, lastModified }) => [name, size, lastModified]));
  // FNV-1a twice, from different beginnings; it keeps nobody out. Web pages without https have no better one.
  return [0x811c9dc5, 0x01234567]
    .map((start) => [...text].reduce((hash, letter) => Math.imul(hash ^ letter.codePointAt(0), 0x01000193), start) >>> 0)
    .map((hash) => hash.toString(16).padStart(8, "0"))
    .join("");
}

/**
 * Hands files over and returns the job. `onProgress` hears `{ sent }` (0 to 1), `{ waiting: seconds }` while the service is busy, or
 * `{ isBroken: true }` until a connection is tried again.
 */
export async function sendJob({ key, kind, files, query }, { signal, onProgress }) {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  // What is too large is better refused before it is sent.
  if (bytes > (await aboutServer()).maxJobBody) throw new Problem("job_too_large");
  const { body, type } = bodyOf(kind, files, key);
  const headers = { Accept: "application/json", "Content-Type": type, "Idempotency-Key": key, ...authorization() };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await waitWhileBusy(() => post(addressOf("v1/jobs", query), { body, headers, signal, onProgress }), { onProgress, signal });
    } catch (problem) {
      if (problem.code !== "network" || attempt === pauses.length) throw problem;
      onProgress({ isBroken: true });
      await pause(pauses[attempt], signal);
    }
  }
}

function pause(milliseconds, signal) {
  return new Promise((resume, reject) => {
    setTimeout(resume, milliseconds);
    addEventListener("online", resume, { once: true });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** The form's field of each kind. */
const fields = { photos: "image", archive: "archive", video: "video" };

/** A form; a boundary of the browser's own would be another one each time. */
function bodyOf(kind, files, key) {
  const parts = files.flatMap((file) => [
    `--${key}\r\nContent-Disposition: form-data; name="${fields[kind]}"; filename="${quoted(file.name)}"\r\n`,
    `Content-Type: ${file.type || "application/octet-stream"}\r\n\r\n`, file, "\r\n",
  ]);
  return { body: new Blob([...parts, `--${key}--\r\n`]), type: `multipart/form-data; boundary=${key}` };
}

/** As browsers write names (HTML, "multipart/form-data encoding algorithm"). */
const quoted = (name) => name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");

/** XMLHttpRequest, because fetch does not tell how much was sent. */
function post(address, { body, headers, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress({ sent: total ? loaded / total : 1 });
    request.upload.onload = () => onProgress({ sent: 1 });
    request.onload = () => {
      const { status, responseText: text } = request;
      const job = status >= 200 && status < 300 ? parsed(text) : undefined;
      if (job?.id) resolve(readJob(job));
      else reject(problemIn(text, status, request.getResponseHeader("Retry-After"), "job_too_large"));
    };
    request.onerror = () => reject(new Problem("network"));
    request.onabort = () => reject(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener("abort", () => request.abort(), { once: true });
    onProgress({ sent: 0 });
    request.send(body);
  });
}
