// Requests to the server that this page came from. A failure is a Problem, with a code that has words.

import { problemWords } from "./language.js";

/** Tries again while the server is busy: at most so often, and waiting at most so many seconds each. */
const mostRetries = 3;
const longestWait = 10;
/** A broken upload of more bytes than this may well have been refused for its size (the server's default bound). */
const usualBodyLimit = 20 * 1024 * 1024;

/** What went wrong: a code of problem+json, or `network`, `networkLarge`, `other`; the server's detail. */
export class Problem extends Error {
  constructor(code, detail = "", retryAfter = undefined) {
    super(detail || code);
    this.code = code;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

/** A failure with its code and the server's detail; words are looked up when shown, in the language of then. */
export function describe(error) {
  const code = error instanceof Problem ? error.code : "other";
  const detail = error instanceof Problem ? error.detail : String(error);
  return { code, detail, retryAfter: error.retryAfter, get title() { return problemWords(code).title; }, get advice() { return problemWords(code).advice; } };
}

/** Where the service begins: above this file's folder, wherever a proxy has put that. */
export const base = new URL("../", import.meta.url);

/** Whether the service runs on this machine. */
export const isHere = () => ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

let key = sessionKey();

function sessionKey() {
  try {
    return sessionStorage.getItem("stance.key") ?? "";
  } catch {
    return "";
  }
}

/** The access key that was given; empty without one. */
export const accessKey = () => key;

/** Sends this access key with every request from now on, until the tab is closed. */
export function useKey(value) {
  key = value;
  try {
    sessionStorage.setItem("stance.key", value);
  } catch {
    // Storage is forbidden: the key holds until the page is reloaded.
  }
}

/** What the server told of itself holds for so many milliseconds. */
const answerHolds = 60_000;
let told = { at: -Infinity };

/** What the server says it is: `jobs` (whether it takes some), and its limits in bytes; empty where it can't be asked. */
export function aboutServer() {
  if (performance.now() - told.at > answerHolds) {
    const answer = fetch(new URL("version", base)).then((version) => version.json()).catch(() => {
      told = { at: -Infinity };
      return {};
    });
    told = { at: performance.now(), answer };
  }
  return told.answer;
}

/** Whether the server takes jobs. */
export const areJobsOn = async () => (await aboutServer()).jobs === true;

/** The defaults of /v1/pose as this server has them, by the names of the query's parameters. */
export async function serverDefaults() {
  const { components } = await (await fetch(new URL("openapi.json", base))).json();
  const parameters = Object.entries(components.parameters);
  return Object.fromEntries(parameters.map(([name, { schema }]) => [name, schema.default]));
}

/**
 * Posts a photo to /v1/pose and returns the answer as a Blob. A value of `query` that is a list is sent once for each.
 * `onProgress` hears `{ sent }` (0 to 1), then `{ computing: true }`, or `{ waiting: seconds }` while the server is busy.
 */
export async function requestPose(file, { query = {}, accept = "application/json", onProgress = () => {} } = {}) {
  return waitWhileBusy(() => post(addressOf("v1/pose", query), file, accept, onProgress), { onProgress });
}

/** The address of a path of the service, with a query. */
export function addressOf(path, query) {
  const pairs = Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  const address = new URL(path, base);
  address.search = new URLSearchParams(pairs);
  return address;
}

/** The header field that shows the access key, if there is one. */
export const authorization = () => (key ? { Authorization: `Bearer ${key}` } : {});

/** Sends a request, and again while the server is busy; `onProgress` hears `{ waiting: seconds }`. An aborted `signal` ends the wait. */
export async function waitWhileBusy(send, { onProgress, signal }) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send();
    } catch (problem) {
      if (problem.code !== "overloaded" || attempt === mostRetries) throw problem;
      const seconds = Math.min(Math.max(problem.retryAfter ?? 1, 1), longestWait);
      onProgress({ waiting: seconds });
      await new Promise((resume) => {
        setTimeout(resume, seconds * 1000);
        signal?.addEventListener("abort", resume, { once: true });
      });
      signal?.throwIfAborted();
    }
  }
}

/** One request; XMLHttpRequest, because fetch does not tell how much was sent. */
function post(address, file, accept, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "blob";
    request.setRequestHeader("Accept", accept);
    request.setRequestHeader("Content-Type", file.type.startsWith("image/") ? file.type : "application/octet-stream");
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress({ sent: total ? loaded / total : 1 });
    request.upload.onload = () => onProgress({ computing: true });
    request.onerror = () => reject(new Problem(file.size > usualBodyLimit ? "networkLarge" : "network"));
    request.onload = () => {
      if (request.status === 200) resolve(request.response);
      else request.response.text().then((text) => reject(problemIn(text, request.status, request.getResponseHeader("Retry-After"))));
    };
    request.send(file);
  });
}

/** The problem that an answer's text tells; `tooLarge` is what status 413 means without one. */
export function problemIn(text, status, retryAfter, tooLarge = "image_too_large") {
  const seconds = Number(retryAfter) || undefined;
  try {
    const { code, detail } = JSON.parse(text);
    return new Problem(code ?? "other", detail, seconds);
  } catch {
    // A proxy's own page, for instance: the status has to do.
    return new Problem(status === 413 ? tooLarge : "other", `HTTP ${status}`, seconds);
  }
}
