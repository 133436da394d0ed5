// A clip to /v1/video, and what comes back, while it comes.
import { addressOf, authorization, Problem, problemIn, waitWhileBusy } from "./service.js";

/** A longer clip's results, or of one of unknown length a larger one's, may be more text than XMLHttpRequest can hold: half a gigabyte. */
const [longClip, largeClip] = [120, 32 * 1024 * 1024];
/** A broken upload of more bytes than this may well have been refused for its size (the service's default bound). */
const usualClipLimit = 1024 * 1024 * 1024;

/**
 * Posts a clip for JSON Lines; `onText` gets the text in pieces. `onProgress` hears `{ sent }` (0 to 1, undefined where the browser
 * doesn't tell), `{ waiting: seconds }` while the service is busy, then `{ computing: true }`. `duration` in seconds, if it is known.
 */
export function requestClipResults(file, { query, duration = 0, signal, onProgress, onText }) {
  const request = { file, query, accept: "application/jsonl", signal, onProgress };
  // Only XMLHttpRequest tells how much was sent, and only fetch lets go of what was read.
  const isShort = duration ? duration <= longClip : file.size <= largeClip;
  if (isShort) return waitWhileBusy(() => sendTelling(request, onText), { onProgress, signal });
  const decoder = new TextDecoder();
  const onBytes = (bytes) => onText(decoder.decode(bytes, { stream: true }));
  return waitWhileBusy(() => sendStreaming(request, onBytes), { onProgress, signal });
}

/** Posts a clip for the MP4 that the service draws; `onBytes` gets it in pieces. */
export function requestDrawnClip(file, { query, signal, onProgress, onBytes }) {
  const request = { file, query, accept: "video/mp4", signal, onProgress };
  return waitWhileBusy(() => sendStreaming(request, onBytes), { onProgress, signal });
}

/** Problems for which a photo's words would not do. */
const clipCodes = {
  unreadable_video: "unreadableClip", unsupported_media: "unsupportedClip", video_too_large: "clipTooLarge",
  request_timeout: "clipTooSlow", timeout: "clipTooLong",
};

/** A problem that the service told, with the words for clips. */
export const clipProblem = ({ code, detail, retryAfter }) => new Problem(clipCodes[code] ?? code ?? "other", detail, retryAfter);

const refusal = (text, status, retryAfter) => clipProblem(problemIn(text, status, retryAfter, "video_too_large"));

const headersFor = ({ file, accept }) => ({
  Accept: accept,
  "Content-Type": file.type.startsWith("video/") ? file.type : "application/octet-stream",
  ...authorization(),
});

function sendTelling(asked, onText) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", addressOf("v1/video", asked.query));
    for (const [name, value] of Object.entries(headersFor(asked))) request.setRequestHeader(name, value);
    let [taken, nextTake] = [0, 0];
    const take = () => {
      const start = performance.now();
      const text = request.responseText;
      const now = performance.now();
      // The browser may copy the whole text each time it is looked at: that takes a tenth of the time at most.
      nextTake = now + Math.max(100, 10 * (now - start));
      const piece = text.slice(taken);
      taken = text.length;
      try {
        if (piece) onText(piece);
      } catch (error) {
        reject(error);
        request.abort();
      }
    };
    request.upload.onprogress = ({ loaded, total }) => asked.onProgress({ sent: total ? loaded / total : 1 });
    request.upload.onload = () => asked.onProgress({ computing: true });
    request.onprogress = () => request.status === 200 && performance.now() >= nextTake && take();
    request.onload = () => {
      if (request.status !== 200) return reject(refusal(request.responseText, request.status, request.getResponseHeader("Retry-After")));
      take();
      resolve();
    };
    request.onerror = () => reject(brokenOff(asked.file, taken > 0));
    request.onabort = () => reject(asked.signal.reason);
    asked.signal.throwIfAborted();
    asked.signal.addEventListener("abort", () => request.abort(), { once: true });
    asked.onProgress({ sent: 0 });
    request.send(asked.file);
  });
}

async function sendStreaming(asked, onBytes) {
  const { file, query, signal, onProgress } = asked;
  let reader;
  onProgress({});
  try {
    const answer = await fetch(addressOf("v1/video", query), {
      method: "POST", body: file, headers: headersFor(asked), signal,
    });
    if (!answer.ok) throw refusal(await answer.text(), answer.status, answer.headers.get("Retry-After"));
    onProgress({ computing: true });
    reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes(value);
    }
  } catch (error) {
    // Ended here or there: nothing more is wanted.
    reader?.cancel().catch(() => {});
    // What fetch throws itself: the network's failures.
    if (error instanceof TypeError) throw brokenOff(file, reader !== undefined);
    throw error;
  }
}

/** A connection that ended in the middle: while results came, while a large file went, or before anything. */
function brokenOff(file, isAnswered) {
  return new Problem(isAnswered ? "brokenOff" : file.size > usualClipLimit ? "networkLargeClip" : "network");
}
