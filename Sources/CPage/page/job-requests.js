// Requests to /v1/jobs (docs/jobs.md). A failure is a Problem.
import { addressOf, authorization, Problem, problemIn } from "./service.js";

/** The newest jobs of the access key, at most so many; without keys the service tells nobody's. */
export async function listJobs(limit) {
  const { jobs } = await read(await ask("GET", "v1/jobs", { query: { limit } }));
  return jobs.map(readJob);
}

export const getJob = async (id) => readJob(await read(await ask("GET", `v1/jobs/${id}`)));

export const retryJob = async (id) => readJob(await read(await ask("POST", `v1/jobs/${id}/retry`)));

/** Cancels a job; one that has ended meanwhile, or is not there, stays as it is. */
export async function cancelJob(id) {
  try {
    await ask("DELETE", `v1/jobs/${id}`, { query: { only: "cancel" } });
  } catch (problem) {
    if (problem.code !== "not_found") throw problem;
  }
}

/** Forgets a job that has ended, with its results: gives whether it is forgotten, as one that is not there is; one that goes on is not. */
export async function forgetJob(id) {
  try {
    await ask("DELETE", `v1/jobs/${id}`, { query: { only: "forget" } });
  } catch (problem) {
    if (problem.code === "not_ended") return false;
    if (problem.code !== "not_found") throw problem;
  }
  return true;
}

/** Calls `onJob` with each state of a job as the service tells it, until the job has ended or the connection has. */
export async function followJob(id, { signal, onJob }) {
  const answer = await ask("GET", `v1/jobs/${id}/events`, { accept: "text/event-stream", signal });
  let rest = "";
  await readPieces(answer, (text) => {
    const events = (rest + text.replaceAll("\r", "")).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
      const told = data && parsed(data);
      if (told?.state) onJob(readJob(told));
    }
  });
}

const resultPath = (id) => `v1/jobs/${id}/result`;

export const resultAddress = (id) => addressOf(resultPath(id), {});

/** The result of a job: the answer, whose body is still to be read. */
export const getResult = (id, signal = undefined) => ask("GET", resultPath(id), { accept: "*/*", signal });

/** Reads the text of an answer in pieces. */
export async function readPieces(answer, onText) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onText(value);
    }
  } catch (error) {
    throw failure(error);
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function ask(method, path, { query = {}, accept = "application/json", signal } = {}) {
  let answer;
  try {
    answer = await fetch(addressOf(path, query), { method, headers: { Accept: accept, ...authorization() }, signal });
  } catch (error) {
    throw failure(error);
  }
  if (!answer.ok) throw problemIn(await answer.text(), answer.status, answer.headers.get("Retry-After"), "job_too_large");
  return answer;
}

/** What fetch throws itself are the network's failures. */
const failure = (error) => (error instanceof TypeError ? new Problem("network") : error);

async function read(answer) {
  const text = await answer.text().catch((error) => { throw failure(error); });
  const told = parsed(text);
  if (!told) throw new Problem("other", text.slice(0, 200));
  return told;
}

/** The value of a JSON text; undefined for what is none. */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A job as the service tells it, times in milliseconds. */
export function readJob({ id, state, created, started, ended, expires, progress = {}, attempts = 0, reason, result, ...rest }) {
  const [from, begun, to, until] = [created, started, ended, expires].map((time) => (time === undefined || time === null ? undefined : Date.parse(time)));
  return { id, state, created: from, started: begun, ended: to, expires: until, progress, attempts, reason, result, ...rest };
}
