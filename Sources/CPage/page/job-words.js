// A job in words: what it is, where it stands, how far it is.
import { clipProblem } from "./clip-request.js";
import { isProblem, jobStateTitle, say } from "./language.js";
import { describe, Problem } from "./service.js";
import { clock } from "./timeline.js";

/** `clip.mp4`, or `a.jpg and 29 more`; of one that was handed over elsewhere its kind. */
export function titleOf({ name, count, isVideo }) {
  if (!name) return say(isVideo ? "tabVideo" : "tabPhotos");
  return count > 1 ? say("jobAndMore", name, count - 1) : name;
}

export const stateWords = ({ state }) => jobStateTitle(state);

/** How far it is, and what went wrong on the way. */
export function progressWords(job) {
  const { state, told, sending, progress } = job;
  if (sending) return sendingWords(sending.progress);
  const failed = told?.progress?.failed;
  const left = job.pace.left(performance.now());
  if (state === "running" && told.stage !== "work" && stages[told.stage]) return say(stages[told.stage]);
  return [
    progress && (progress.isTime ? say("jobTimes", whole(progress.done), whole(progress.total)) : say("jobItems", progress.done, progress.total)),
    failed > 0 && !job.isVideo && say("jobErrors", failed),
    state === "running" && told.attempts > 1 && say("jobAttempt", told.attempts),
    state === "running" && left !== undefined && say("jobLeft", roughly(left)),
  ].filter(Boolean).join(" · ");
}

const stages = { plan: "jobPlan", gather: "jobGather" };

function sendingWords({ sent, waiting, isBroken }) {
  if (waiting) return say("busy", waiting);
  if (isBroken) return say("jobBroken");
  if (sent === undefined) return say("jobWaitsToBeSent");
  return sent < 1 ? say("sending", Math.floor(sent * 100)) : say("jobAccepting");
}

/** Minutes and whole seconds. */
const whole = (seconds) => clock(seconds).replace(/\.\d+$/, "");

/** No more digits than an estimate has. */
function roughly(seconds) {
  if (seconds < 55) return say("seconds", Math.max(5 * Math.ceil(seconds / 5), 5));
  if (seconds < 55 * 60) return say("minutes", Math.ceil(seconds / 60));
  return say("hours", (Math.ceil(seconds / 360) / 10).toFixed(1));
}

/** What went wrong with all of it, or keeps it from going on: `reason` in words, `detail` in the service's own; empty where nothing did. */
export function reasonWords({ state, problem, told, isVideo }) {
  if (problem) return { reason: `${problem.title}. ${problem.advice}`, detail: problem.detail };
  if (state === "unsent" || state === "gone" || state === "dead") {
    return { reason: say({ unsent: "jobUnsent", gone: "jobGone", dead: "jobDead" }[state]), detail: told?.reason ?? "" };
  }
  if (told?.reason && (state === "queued" || state === "running")) return { reason: say("jobWaits"), detail: told.reason };
  if (state !== "failed") return { reason: "", detail: "" };
  // As the service writes a problem in one line: its code, then what was given.
  const [, code, detail] = /^([a-z_]+): (.*)$/s.exec(told.reason ?? "") ?? [];
  const failure = isVideo ? clipProblem({ code, detail }) : new Problem(code, detail);
  if (!code || !isProblem(failure.code)) return { reason: say("jobFailed"), detail: told.reason ?? "" };
  const { title, advice } = describe(failure);
  return { reason: `${title}. ${advice}`, detail };
}

/** When it was handed over, and until when its result is kept. */
export function timeWords({ time, told, state }) {
  const until = told?.expires && ["done", "failed", "dead", "cancelled"].includes(state) ? say("jobKeptUntil", moment(told.expires)) : "";
  return [moment(time), until].filter(Boolean).join(" · ");
}

const formats = new Map();
function moment(time) {
  const tag = say("tag");
  // Making one takes longer than a hundred uses of it.
  if (!formats.has(tag)) formats.set(tag, new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }));
  return formats.get(tag).format(time);
}
