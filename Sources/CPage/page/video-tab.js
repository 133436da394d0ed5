// The Video tab: one clip, written out into the document after every change.
import { Clip } from "./clip.js";
import { csvFile, drawnFile, linesFile } from "./clip-downloads.js";
import { ClipPicture } from "./clip-picture.js";
import { ClipPlayer } from "./clip-player.js";
import { PlotChoices } from "./clip-plot.js";
import { writeDrawing, writeFailure, writeNothing, writeProgress } from "./clip-status.js";
import { Counter } from "./counter.js";
import { byId, save } from "./dom.js";
import { takeFilesIn } from "./drop.js";
import { isLong, longVideo, offerJob } from "./job-offer.js";
import { evidence, landmarkTitle, say, whenLanguageIsSet } from "./language.js";
import { percent, writeAngles, writePeople, writeTable } from "./lists.js";
import { recall, remember } from "./memory.js";
import { isExercise, writeExercises } from "./movement.js";
import { announce, notify, notifyOf } from "./notices.js";
import { section, whenSectionChanges } from "./sections.js";
import { describe, isHere, useKey } from "./service.js";
import { poseQuery, whenSettingsChange } from "./settings.js";
import { setUpShows, usualShows } from "./shows.js";
import { landmarkNames } from "./skeleton.js";
import { setUpTabs } from "./tabs.js";
import { clock, Timeline } from "./timeline.js";
import { hideTip, showTip } from "./tip.js";
import { WorldView } from "./world.js";

/** How long the browser may take to tell whether it can play a clip, before it is sent, in milliseconds. */
const mostPatience = 3000;
/** A table that changes with every frame could not be read, and would take the time that playing needs. */
const tablePause = 250;
/** An MP4 of the clip as it is: nobody is looked for beyond its first pixel, so that nobody is drawn and little time taken. */
const plainQuery = { region: "0,0,1,1", search: "quick", maxPeople: 1, complexity: 0, joints: false, bones: false };

const state = {
  clip: undefined,
  /** The place of the frame on the screen, its result, and the results that it is of. */
  frame: -1,
  result: undefined,
  shownResults: undefined,
  /** The id of the person chosen, and the joint pointed at: its id and place. */
  chosen: undefined,
  pointed: undefined,
  isPinned: false,
  view: "clip-picture",
  /** Whether the browser can play what is on the stage; undefined while it isn't known. */
  isPlayable: undefined,
  /** The service's MP4 of a clip that the browser can't play. */
  convertedURL: undefined,
  /** What is counted: an exercise, `auto`, or nothing. */
  exercise: isExercise(recall("clipExercise")) ? recall("clipExercise") : "",
  /** The MP4 that is on its way: `{ abort, progress }`, and whether it `isPlain`, to be played. */
  drawing: undefined,
};

const video = byId("clip-video");
const player = new ClipPlayer({ video, onFrame: showFrame, onState: writeTransport });
const picture = new ClipPicture({ stage: byId("clip-stage"), onJoint: pointAt });
const world = new WorldView({
  canvas: byId("clip-world"),
  buttons: byId("clip-world-buttons"),
  onJoint: (joint, isTap) => {
    const person = shownPerson();
    pointAt(joint === undefined || !person ? undefined : { id: person.id, joint }, isTap);
  },
});
const counter = new Counter(byId("clip-counter"));
const timeline = new Timeline({ onSeek: (time) => player.seek(time), onStep: (count) => player.step(count) });
const shows = setUpShows(byId("clip-shows"), {
  key: "clipShows", defaults: { ...usualShows, ids: true, trails: false }, onChange: () => write(),
});
setUpTabs(byId("clip-views"), (view) => {
  state.view = view;
  forgetJoint();
  write();
});

takeFilesIn("video", { onFiles: takeFiles, words: "clipDrop", none: "noClip" });
const plot = new PlotChoices(() => write());
setUpButtons();
whenSettingsChange(() => write());
whenSectionChanges((name) => {
  if (name === "video") return write();
  player.pause();
  forgetJoint();
});
whenLanguageIsSet(() => {
  byId("clip-privacy").textContent = isHere() ? say("clipPrivacyHere") : say("clipPrivacyThere", location.hostname);
  plot.write();
  writeExercises(byId("clip-exercise"), state.exercise);
  write();
});

function setUpButtons() {
  const file = byId("clip-file");
  for (const id of ["clip-choose", "clip-another"]) byId(id).addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const files = [...file.files];
    file.value = "";
    if (files.length) takeFiles(files);
  });
  byId("clip-cancel").addEventListener("click", () => state.clip.cancel());
  byId("clip-again").addEventListener("click", () => look(state.clip.file));
  byId("clip-retry").addEventListener("click", lookAgain);
  byId("clip-as-job").addEventListener("click", handOver);
  byId("clip-key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    useKey(byId("clip-key").value);
    lookAgain();
  });
  byId("clip-play").addEventListener("click", () => player.toggle());
  byId("clip-back").addEventListener("click", () => player.step(-1));
  byId("clip-on").addEventListener("click", () => player.step(1));
  byId("clip-exercise").addEventListener("change", ({ target }) => {
    state.exercise = target.value;
    remember("clipExercise", state.exercise);
    write();
  });
  byId("clip-speed").addEventListener("change", ({ target }) => (player.speed = Number(target.value)));
  byId("clip-viewer").addEventListener("keydown", pressKey);
  byId("clip-convert").addEventListener("click", convert);
  byId("clip-drawing-cancel").addEventListener("click", () => state.drawing?.abort.abort());
  for (const button of byId("clip-downloads").children) {
    button.addEventListener("click", () => download(button.dataset.format));
  }
  video.addEventListener("error", () => settlePlayable(false));
  video.addEventListener("loadedmetadata", () => settlePlayable(video.videoWidth > 0));
  document.addEventListener("scroll", forgetJoint, { capture: true, passive: true });
}

/** Keys of the stage and all below it; those that a control has for itself stay its own. */
function pressKey(event) {
  const { target, key } = event;
  if (event.altKey || event.ctrlKey || event.metaKey || target.matches("input, select")) return;
  const isOnStage = target === byId("clip-stage");
  const action =
    key === " " && !target.matches("button") ? () => player.toggle()
    : key === "," || (key === "ArrowLeft" && isOnStage) ? () => player.step(-1)
    : key === "." || (key === "ArrowRight" && isOnStage) ? () => player.step(1)
    : key === "Escape" ? forgetJoint
    : undefined;
  if (!action) return;
  event.preventDefault();
  action();
}

// What happens.

function takeFiles(files) {
  notify(files.length > 1 ? say("oneClip") : "");
  const { clip } = state;
  const isOther = clip?.job?.name && files[0].name !== clip.job.name;
  if (!clip?.job || clip.file || isOther) return look(files[0]);
  // What a job found is on the stage; now its video comes.
  clip.attach(files[0]);
  state.isPlayable = undefined;
  player.show(clip.url, clip.results);
  write();
}

/** Shows what came of a job; with its video, while this page has it. */
export function openClip(job) {
  notify("");
  look(job.files?.[0], job);
}

function lookAgain() {
  look(state.clip.file, state.clip.job);
}

/** Looks at a clip from its beginning, with the settings of now, or at what a job found in it. */
async function look(file, job) {
  letGo();
  const clip = new Clip(file, {
    query: job?.query ?? poseQuery(), movement: job ? {} : movement(), job, onChange: () => clip === state.clip && writeSoon(),
  });
  Object.assign(state, { clip, isPlayable: file ? undefined : false });
  player.show(clip.url, clip.results);
  write();
  byId("clip-stage").focus({ preventScroll: true });
  if (file) await whetherPlayable();
  if (clip !== state.clip) return;
  clip.playedDuration = Number.isFinite(video.duration) ? video.duration : 0;
  if (!job && (await isLong(file, clip.playedDuration)) && (await becomesJob(clip))) return;
  if (clip !== state.clip) return;
  await clip.work();
  if (clip !== state.clip) return;
  const people = say("peopleFound", clip.results.tracks.size);
  if (clip.state === "done") announce(say("done", clip.name, people));
  else if (clip.state === "cancelled") announce(say("clipCancelled"));
  else announce(say("failed", clip.name, clip.problem.title));
}

/** Lets go of the clip that is there. */
function letGo() {
  state.clip?.forget();
  state.drawing?.abort.abort();
  if (state.convertedURL) URL.revokeObjectURL(state.convertedURL);
  Object.assign(state, { clip: undefined, result: undefined, chosen: undefined, isPlayable: undefined, convertedURL: undefined, drawing: undefined });
  forgetJoint();
}

/** Whether a long clip is not looked at here: it became a job, or nothing is wanted of it, or another one came. */
async function becomesJob(clip) {
  const { playedDuration } = clip;
  const why = playedDuration > longVideo ? say("jobLongVideo", clock(playedDuration).replace(/\.\d+$/, "")) : say("jobLargeVideo");
  const answer = await offerJob(clipHandOver(clip.file), why);
  if (clip === state.clip && answer !== "here") close();
  return clip !== state.clip;
}

function close() {
  letGo();
  player.show(undefined, undefined);
  write();
  byId("clip-choose").focus();
}

/** What a job of a clip is asked with (job-offer.js): the settings of now. */
export function clipHandOver(file) {
  const query = { ...poseQuery(), ...movement() };
  return { kind: "video", files: [file], query, drawing: { output: "mp4", ...drawnStyle(query) } };
}

/** Makes a job of a clip that was refused here. */
async function handOver() {
  const answer = await offerJob(clipHandOver(state.clip.file), say("jobLargeVideo"));
  if (answer === "job") close();
  else if (answer === "here") notify(say("jobsOff"));
}

/** What the service is asked for beside landmarks: angles once somebody looks at them, repetitions of the exercise. */
function movement() {
  const isAngular = shows.angles || state.view === "clip-angles" || plot.isOfAngles;
  return { ...(isAngular && { angles: "all" }), ...(state.exercise && { reps: state.exercise }) };
}

/** Waits until the browser has told whether it can play the clip, for a while. */
async function whetherPlayable() {
  const told = ["loadedmetadata", "error"].map((name) => new Promise((resume) => video.addEventListener(name, resume, { once: true })));
  await Promise.race([...told, new Promise((resume) => setTimeout(resume, mostPatience))]);
}

function settlePlayable(isPlayable) {
  state.isPlayable = isPlayable;
  write();
}

/** Has the service make an MP4 of the clip, without drawings, and plays that; or ends that. */
function convert() {
  if (!state.clip.file) return byId("clip-file").click();
  if (state.drawing) return state.drawing.abort.abort();
  draw(plainQuery, (blob) => {
    state.convertedURL = URL.createObjectURL(blob);
    player.show(state.convertedURL, state.clip.results);
  });
}

async function download(format) {
  const { clip } = state;
  if (format === "mp4") return draw(drawnStyle(clip.movement), (blob, name) => save(blob, name));
  const { blob, name } = format === "csv" ? await csvFile(clip) : linesFile(clip);
  save(blob, name);
}

function drawnStyle({ reps }) {
  const { joints, bones, labels, guessed, trails, angles } = shows;
  return { joints, bones, labels, guessed, trails, ...(angles && { angles: "all" }), ...(reps && { reps }) };
}

/** Has the service draw the clip; `onDone` gets the MP4 and its name. */
async function draw(query, onDone) {
  if (state.drawing) return;
  const { clip } = state;
  const drawing = { abort: new AbortController(), progress: {}, isPlain: query === plainQuery };
  state.drawing = drawing;
  const onProgress = (progress) => {
    drawing.progress = progress;
    writeSoon();
  };
  try {
    const { blob, name } = await drawnFile(clip, { query, signal: drawing.abort.signal, onProgress });
    onDone(blob, name);
  } catch (error) {
    if (!drawing.abort.signal.aborted) notifyOf(describe(error));
  }
  if (state.drawing === drawing) state.drawing = undefined;
  write();
}

function choosePerson(id) {
  state.chosen = id === state.chosen ? undefined : id;
  forgetJoint();
  const { results } = state.clip;
  const isHere = state.result?.people.some((person) => person.id === id);
  if (state.chosen !== undefined && !isHere) player.goTo(results.seenSpans(id)[0][0]);
  write();
}

/** The person that 3D view and table show: the chosen one, else the first in the frame. */
function shownPerson() {
  const people = state.result?.people ?? [];
  return state.chosen === undefined ? people[0] : people.find(({ id }) => id === state.chosen);
}

/** `place` is an id and a joint, or undefined; a tap keeps the joint, until a tap elsewhere, and chooses its person. */
function pointAt(place, isTap) {
  if (!isTap && (state.isPinned || player.isPlaying || (!place && !state.pointed))) return;
  state.isPinned = isTap && place !== undefined;
  state.pointed = place;
  if (isTap && place) state.chosen = place.id;
  writeFrame();
  if (isTap) write();
}

function forgetJoint() {
  if (!state.pointed) return;
  Object.assign(state, { pointed: undefined, isPinned: false });
  hideTip();
}

// What is shown.

let isWriting = false;
/** Writes before the next picture of the screen, once for all that came until then. */
function writeSoon() {
  if (isWriting) return;
  isWriting = true;
  requestAnimationFrame(() => {
    isWriting = false;
    write();
  });
}

function write() {
  const { clip } = state;
  byId("panel-video").classList.toggle("empty", !clip);
  byId("clip-workspace").hidden = !clip;
  if (!clip || section() !== "video") return;
  byId("clip-name").textContent = clip.name;
  const hasResults = clip.results.frameCount > 0;
  byId("clip-people-section").hidden = clip.results.tracks.size === 0;
  byId("clip-download-section").hidden = byId("clip-shows").hidden = !hasResults;
  byId("timeline").hidden = byId("plot").hidden = byId("clip-timeline-hint").hidden = !hasResults;
  writeOutdated(clip);
  writeProgress(clip);
  writeFailure(clip);
  writeNothing(!hasResults && !clip.isBusy && state.isPlayable === false);
  writeDrawing(clip, state);
  writePeopleOnce(clip);
  byId("clip-facts").textContent = hasResults ? facts(clip) : "";
  timeline.show({
    results: clip.results,
    duration: clip.duration || (Number.isFinite(video.duration) ? video.duration : 0),
    landmarks: plot.places,
    quantity: plot.quantity,
    isGuessedHidden: shows.guessed === "hidden",
    chosen: state.chosen,
  });
  writeTransport();
  player.refresh();
}

/** Offers to look again where the clip was looked at with other settings than those of now, or without what is wanted now. */
function writeOutdated({ isBusy, query, movement: asked, job }) {
  const wanted = movement();
  const areAnglesMissing = wanted.angles !== undefined && asked.angles === undefined;
  const isOther = wanted.reps !== asked.reps || JSON.stringify(query) !== JSON.stringify(poseQuery());
  byId("clip-outdated").hidden = isBusy || Boolean(job) || !(areAnglesMissing || isOther);
  byId("clip-outdated-text").textContent = say(areAnglesMissing && !isOther ? "anglesMissing" : "clipOutdated");
}

function facts({ results }) {
  const { frameCount, size, lastTime, model } = results;
  const search = model?.search === "auto" ? "automatic" : model?.search;
  return say("clipFacts", frameCount, clock(lastTime), size.width, size.height, say(model?.name) ?? "", say(search) ?? "");
}

let peopleShown;
/** Everybody of the clip, with the time from which to which they are seen; written when that changes, while results come by whole seconds. */
function writePeopleOnce({ results, isBusy }) {
  const people = [...results.tracks.keys()].map((id) => {
    const spans = results.seenSpans(id);
    return { id, from: results.time(spans[0][0]), to: results.time(spans.at(-1)[1]) };
  });
  const shown = JSON.stringify([say("tag"), people.map(({ id, from, to }) => [id, from, isBusy ? Math.floor(to) : to]), state.chosen]);
  if (shown === peopleShown) return;
  peopleShown = shown;
  writePeople(byId("clip-people"), people, people.findIndex(({ id }) => id === state.chosen), (place) => choosePerson(people[place].id), {
    remark: ({ from, to }) => say("seenFrom", clock(from), clock(to)),
  });
}

function writeTransport() {
  const { isPlaying } = player;
  byId("clip-play").ariaLabel = say(isPlaying ? "pause" : "play");
  byId("clip-play").classList.toggle("playing", isPlaying);
  byId("clip-play").disabled = byId("clip-speed").disabled = state.isPlayable === false && !state.convertedURL;
  const isEmpty = !state.clip?.results.frameCount;
  byId("clip-back").disabled = byId("clip-on").disabled = isEmpty;
}

/** What belongs to one frame; called for each that comes to the screen. */
function showFrame(frame, time) {
  const { clip } = state;
  if (!clip) return;
  const isOther = frame !== state.frame || clip.results !== state.shownResults;
  if (isOther) {
    if (state.isPinned || state.pointed) forgetJoint();
    Object.assign(state, { frame, shownResults: clip.results, result: frame >= 0 ? clip.results.result(frame) : undefined });
  }
  const number = frame >= 0 ? state.result.frame : undefined;
  byId("clip-time").textContent = clock(frame >= 0 ? state.result.time : time);
  byId("clip-number").textContent = number === undefined ? "" : say("frame", number);
  const ids = state.result?.people.map(({ id }) => id) ?? [];
  timeline.place(time, mayTell() ? say("timeWords", clock(time), clock(clip.duration), number, ids) : undefined);
  writeCount(frame);
  writeFrame();
}

/** What was counted up to the frame, of the person whose repetitions the time line marks. */
function writeCount(frame) {
  const { results, movement: asked } = state.clip;
  const id = timeline.repeating ?? shownPerson()?.id;
  counter.show({ asked: results.frameCount ? asked.reps : "", ...results.countAt(id, frame) });
}

let nextTelling = 0;
/** Whether screen readers may be told the time again: while the clip plays once a second. */
function mayTell() {
  const now = performance.now();
  if (player.isPlaying && now < nextTelling) return false;
  nextTelling = now + 1000;
  return true;
}

let nextTable = 0;
function writeFrame() {
  const { clip, result, frame, view, chosen, pointed } = state;
  const person = shownPerson();
  const isAbsent = view !== "clip-picture" && !person && clip.results.frameCount > 0;
  byId("clip-absent").hidden = !isAbsent;
  if (isAbsent) byId("clip-absent").textContent = chosen === undefined ? say("nobodyInFrame") : say("absent", chosen);
  if (view === "clip-picture") {
    picture.show({ results: clip.results, frame, people: result?.people ?? [], shows, chosen });
  } else if (view === "clip-world") {
    world.show(person, { joint: person?.id === pointed?.id ? pointed?.joint : undefined, shows });
  } else if (!player.isPlaying || performance.now() > nextTable) {
    nextTable = performance.now() + tablePause;
    if (view === "clip-angles") writeAngles(byId("clip-angles"), person, person?.id);
    else writeTable(byId("clip-table"), result, result?.people.indexOf(person), pointed?.joint, (joint) => pointAt({ id: person.id, joint }, true));
  }
  writeTip();
}

/** The card beside the joint: pixels on the picture, metres in 3D; the table needs none. */
function writeTip() {
  const { pointed, result, view } = state;
  const person = result?.people.find(({ id }) => id === pointed?.id);
  if (!person || view === "clip-table" || view === "clip-angles") return hideTip();
  const landmark = person.landmarks[pointed.joint];
  const isWorld = view === "clip-world";
  const { x, y } = isWorld ? world.place(pointed.joint) : picture.place(landmark);
  const { width, height } = result.image;
  const at = person.worldLandmarks[pointed.joint];
  const rows = isWorld
    ? ["x", "y", "z"].map((axis) => [axis, `${at[axis].toFixed(3)} m`])
    : [["x", landmark.x * width], ["y", landmark.y * height], ["z", landmark.z * width]].map(([name, value]) => [name, `${value.toFixed(1)} px`]);
  rows.push([say("visibility"), percent(landmark.visibility)], [say("evidence"), evidence(landmark)]);
  const title = `${landmarkTitle(landmarkNames[pointed.joint])} · ${say("person", person.id)}`;
  showTip(x, y, title, rows);
  if (state.isPinned) announce([title, ...rows.map((row) => row.join(" "))].join(", "));
}
