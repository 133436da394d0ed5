// What the Video tab says of its clip: how far it is, what went wrong, how far the drawing is.
import { byId } from "./dom.js";
import { say } from "./language.js";
import { clock } from "./timeline.js";

export function writeProgress(clip) {
  const isFocused = document.activeElement === byId("clip-cancel");
  for (const id of ["clip-progress", "clip-progress-bar", "clip-cancel"]) byId(id).hidden = !clip.isBusy;
  byId("clip-another").hidden = clip.isBusy;
  byId("clip-head").classList.toggle("busy", clip.isBusy);
  if (!clip.isBusy) return isFocused && byId("clip-another").focus();
  const { sent, waiting, part, left } = clip.progress;
  const isSent = sent === 1 || clip.state === "working";
  writeBar("clip-progress-bar", isSent ? part : sent);
  byId("clip-progress-text").textContent =
    waiting ? say("busy", waiting)
    : part !== undefined ? say("clipWorking", Math.floor(part * 100), left === undefined ? "" : clockLeft(left))
    : isSent ? say("clipStarting")
    : sent === undefined ? say("clipSending")
    : say("sending", Math.floor(sent * 100));
}

/** Whole seconds, in steps that don't flicker. */
const clockLeft = (seconds) => clock(seconds < 20 ? Math.ceil(seconds) : 5 * Math.ceil(seconds / 5)).replace(/\.\d+$/, "");

function writeBar(id, part) {
  if (part === undefined) byId(id).removeAttribute("value");
  else byId(id).value = part;
}

/** Problems of clips that a job would not have. */
const jobsHelp = ["clipTooLarge", "clipTooLong", "networkLargeClip"];

export function writeFailure(clip) {
  const { problem, results } = clip;
  byId("clip-failure").hidden = clip.state !== "failed" && clip.state !== "cancelled";
  if (byId("clip-failure").hidden) return;
  const isCancelled = clip.state === "cancelled";
  byId("clip-failure-title").textContent = isCancelled ? say("clipCancelled") : problem.title;
  const kept = results.frameCount ? say("clipKept", results.frameCount, clock(results.lastTime)) : "";
  const wait = problem?.code === "overloaded" && problem.retryAfter ? say("clipWait", problem.retryAfter) : "";
  byId("clip-failure-advice").textContent = [isCancelled ? "" : problem.advice, wait, kept].filter(Boolean).join(" ");
  byId("clip-failure-detail").textContent = isCancelled ? "" : problem.detail;
  byId("clip-key-form").hidden = problem?.code !== "unauthorized";
  byId("clip-retry").hidden = problem?.code === "unauthorized";
  byId("clip-as-job").hidden = !jobsHelp.includes(problem?.code) || Boolean(clip.job);
}

/** Takes the stage away where there is nothing to see. */
export function writeNothing(isNothing) {
  const viewer = byId("clip-viewer");
  const isFocused = byId("clip-stage").contains(document.activeElement);
  viewer.classList.toggle("nothing", isNothing);
  if (isNothing && isFocused) byId("clip-another").focus();
}

/** How far the MP4 is: beside the downloads, or on the stage when it is made to be played. */
export function writeDrawing(clip, { drawing, isPlayable }) {
  const mp4 = byId("clip-downloads").querySelector("[data-format=mp4]");
  mp4.hidden = !clip.file;
  mp4.disabled = Boolean(drawing);
  byId("clip-drawing").hidden = !drawing || drawing.isPlain;
  byId("clip-unplayable").hidden = isPlayable !== false || clip.isBusy || !clip.results.frameCount;
  byId("clip-convert").disabled = Boolean(drawing) && !drawing.isPlain;
  byId("clip-convert").textContent = say(drawing?.isPlain ? "cancel" : clip.file ? "clipConvert" : "clipChoose");
  const words = drawing && drawingWords(drawing.progress);
  byId("clip-unplayable-text").textContent = drawing?.isPlain ? words : say(clip.file ? "clipUnplayable" : "jobClipGone");
  if (!drawing) return;
  byId("clip-drawing-text").textContent = words;
  writeBar("clip-drawing-bar", drawing.progress.part);
}

const drawingWords = ({ waiting, computing, part }) =>
  waiting ? say("busy", waiting)
  : part !== undefined ? say("clipDrawing", Math.floor(part * 100))
  : say(computing ? "clipStarting" : "clipSending");
