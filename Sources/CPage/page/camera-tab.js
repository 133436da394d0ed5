// The Camera tab: the camera's frames go to /v1/live, and each comes back onto the screen with the people who were found in it.
import { CameraPeople } from "./camera-people.js";
import { CameraView } from "./camera-view.js";
import { Counter, Counts } from "./counter.js";
import { byId, element } from "./dom.js";
import { Examples } from "./examples.js";
import { Frames } from "./frames.js";
import { say, whenLanguageIsSet } from "./language.js";
import { LiveClient } from "./live.js";
import { writeAngles } from "./lists.js";
import { recall, remember } from "./memory.js";
import { isExercise, writeExercises } from "./movement.js";
import { announce } from "./notices.js";
import { Quality } from "./quality.js";
import { whenSectionChanges } from "./sections.js";
import { describe, isHere, Problem, useKey } from "./service.js";
import { setUpShows } from "./shows.js";
import { cameras, Webcam } from "./webcam.js";
import { WorldView } from "./world.js";

/** Milliseconds: numbers are written so often; nothing new for so long is said; no more than 40 frames a second are sent. */
const [writingTime, staleTime, leastPause] = [500, 3000, 25];
/** Milliseconds over which speed and delay are counted, and for which a number of people must hold before it is announced. */
const [speedSpan, calm] = [2000, 2000];
/** Frames in a row that the service may fail at. */
const mostErrors = 5;
/** Results without the one who is followed alone, after which everybody is followed again. */
const mostMissed = 15;

const state = {
  /** `off`, `starting`, `on` or `failed` (with `problem`). */
  step: "off",
  problem: undefined,
  /** Why it was switched off, when that was not asked for: a word's key. */
  note: undefined,
  /** What the session is about: as LiveClient says it, and until when it waits. */
  session: { step: "connecting" },
  retryAt: 0,
  /** The last result and the frame that it belongs to. */
  result: undefined,
  frame: undefined,
  /** Where people were last seen, by id. */
  boxes: new Map(),
  /** Who is chosen, whether everybody else is left out, and in how many results that one was missing. */
  chosen: undefined,
  isAlone: false,
  missed: 0,
  /** Who is shown in 3D. */
  inSpace: undefined,
  isMirrored: true,
  /** What is counted: an exercise, `auto`, or nothing. */
  exercise: isExercise(recall("cameraExercise")) ? recall("cameraExercise") : "",
  /** Whether a frame is on its way into JPEG, and whether one came meanwhile. */
  isEncoding: false,
  isFresh: false,
  sentAt: 0,
  /** When each result of late was drawn, and how old its frame was then. */
  drawn: [],
  dropped: 0,
  errors: 0,
  isMissingFrames: false,
  /** Counts beginnings and ends: who waited meanwhile sees that it is no more wanted. */
  turn: 0,
  /** How many people there are, since when, and the number that was said last. */
  people: { count: 0, since: 0, said: 0 },
};

const shows = setUpShows(byId("camera-shows"), { key: "cameraShows", onChange: changeShows });
const quality = new Quality();
const video = byId("camera-video");
const webcam = new Webcam(video, { onEnd: () => fail(describe(new Problem("cameraGone"))) });
const frames = new Frames(video, () => {
  state.isFresh = true;
  pump();
});
const view = new CameraView(byId("camera-picture"), { onChoose: choose, onStep: chooseNext });
const world = new WorldView({ canvas: byId("camera-world"), buttons: byId("camera-world-buttons") });
const counter = new Counter(byId("camera-counter"));
const counts = new Counts();
const examples = new Examples({ onRecord: () => byId("camera-stage").scrollIntoView({ block: "nearest" }) });
const list = new CameraPeople(byId("camera-people"), choose);
const live = new LiveClient({
  onState: hearState,
  onAnswer: hearAnswer,
  onStale: () => (state.isMissingFrames = true),
  onComplaint: (problem) => fail(describe(problem)),
});
let ticking;

setUpButtons();
setUpQuality();
whenSectionChanges((name) => name !== "camera" && stop());
document.addEventListener("visibilitychange", () => document.hidden && stop("cameraHidden"));
addEventListener("pagehide", () => stop("cameraHidden"));
whenLanguageIsSet(() => {
  byId("camera-privacy").textContent = isHere() ? say("cameraPrivacyHere") : say("cameraPrivacyThere", location.hostname);
  writeExercises(byId("camera-exercise"), state.exercise);
  examples.write();
  write();
});

function setUpButtons() {
  byId("camera-start").addEventListener("click", () => start());
  byId("camera-retry").addEventListener("click", () => start());
  byId("camera-stop").addEventListener("click", () => {
    stop();
    byId("camera-start").focus();
  });
  byId("camera-hurry").addEventListener("click", () => live.hurry());
  byId("camera-alone").addEventListener("click", () => followAlone(!state.isAlone));
  byId("camera-mirror").addEventListener("click", () => {
    state.isMirrored = !state.isMirrored;
    remember(mirrorKey(), state.isMirrored);
    write();
    draw();
  });
  byId("camera-choice").addEventListener("change", ({ target }) => {
    remember("camera", target.value);
    start();
  });
  byId("camera-exercise").addEventListener("change", ({ target }) => {
    state.exercise = target.value;
    remember("cameraExercise", state.exercise);
    countAnew();
  });
  byId("camera-zero").addEventListener("click", () => {
    live.change({ reps: "off" });
    countAnew();
  });
  byId("camera-key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    useKey(byId("camera-key").value);
    start();
  });
  navigator.mediaDevices?.addEventListener("devicechange", () => state.step === "on" && listCameras());
}

/** What the session is asked for beside landmarks. Angles come with every count: asking for something else would begin it anew. */
const movement = () => ({ reps: state.exercise || "off", angles: shows.angles || state.exercise ? "all" : null });

function countAnew() {
  counts.forget();
  live.change(movement());
  writeCount();
}

let wereAnglesShown = shows.angles;
function changeShows() {
  if (shows.angles !== wereAnglesShown) live.change(movement());
  wereAnglesShown = shows.angles;
  draw();
  writeAnglesTable();
}

/** What the reader chose, remembered; the rest is left to `quality`. */
function setUpQuality() {
  const fields = byId("camera-quality").querySelectorAll("select");
  const chosen = { side: undefined, complexity: undefined, ...recall("cameraQuality") };
  for (const field of fields) {
    field.value = chosen[field.name] ?? "";
    field.addEventListener("change", () => {
      chosen[field.name] = field.value === "" ? undefined : Number(field.value);
      remember("cameraQuality", chosen);
      quality.choose(chosen);
      live.change({ complexity: quality.now.complexity });
    });
  }
  quality.choose(chosen);
}

// On and off.

async function start() {
  const isAfresh = state.step === "off" || state.step === "failed";
  end({ step: "starting" });
  // Else the button or field that was used is still there.
  if (isAfresh) byId("camera-stop").focus();
  try {
    if (!(await startCamera(recall("camera")))) return;
  } catch (error) {
    fail(describe(error));
    // Another one may do.
    return listCameras();
  }
  Object.assign(state, { step: "on", isMirrored: recall(mirrorKey()) ?? !webcam.isRear });
  frames.start();
  live.open({ complexity: quality.now.complexity, ...movement() });
  ticking = setInterval(tick, writingTime);
  examples.isOn = true;
  announce(say("cameraOn"));
  write();
  await listCameras();
}

/** A remembered camera may be gone: then any. */
async function startCamera(id) {
  try {
    return await webcam.start(id);
  } catch (problem) {
    if (problem.code !== "cameraMissing" || !id) throw problem;
    return await webcam.start();
  }
}

/** Switches all off; `note` says why, when the reader did not ask for it. */
function stop(note) {
  if (state.step === "off") return;
  if (state.step === "on") announce(say("cameraOff"));
  end({ step: "off", note });
}

function fail(problem) {
  end({ step: "failed", problem });
  announce(`${problem.title}. ${problem.advice}`);
  // What had the focus may be gone.
  const isLost = document.activeElement === document.body || document.activeElement === byId("camera-stop");
  if (isLost) byId(problem.code === "unauthorized" ? "camera-key" : "camera-retry").focus();
}

/** Lets go of camera, session and pictures; `step`, and what there is to say of it. */
function end({ step, problem, note }) {
  webcam.stop();
  frames.stop();
  live.close();
  clearInterval(ticking);
  examples.isOn = false;
  Object.assign(state, {
    step, problem, note, session: { step: "connecting" }, isEncoding: false, isFresh: false, drawn: [], dropped: 0, errors: 0,
    isMissingFrames: false, turn: state.turn + 1,
  });
  forgetPeople();
  view.clear();
  write();
}

/** A new session knows nobody. */
function forgetPeople() {
  Object.assign(state, { result: undefined, frame: undefined, chosen: undefined, isAlone: false, missed: 0, inSpace: undefined });
  state.boxes.clear();
  counts.forget();
  Object.assign(state.people, { count: 0, since: performance.now(), said: 0 });
  world.show(undefined, { shows });
  list.write([], []);
  writeCount();
}

/** Mirrored or not is remembered for cameras that look at the reader, and for those that look away. */
const mirrorKey = () => (webcam.isRear ? "cameraMirrorRear" : "cameraMirror");

async function listCameras() {
  const found = await cameras();
  const choice = byId("camera-choice");
  choice.replaceChildren(...found.map(({ id, name }, place) => element("option", { value: id, textContent: name || say("cameraNumber", place + 1) })));
  choice.value = webcam.id ?? "";
  choice.hidden = found.length < 2;
}

// Frames out, results in.

/** Sends the newest frame as soon as there is room for it; without results the picture is shown as it comes. */
async function pump() {
  if (!state.result && state.step === "on") preview();
  const now = performance.now();
  if (!state.isFresh || state.isEncoding || !live.hasRoom || now - state.sentAt < leastPause) return;
  Object.assign(state, { isFresh: false, isEncoding: true, isMissingFrames: false, sentAt: now });
  const frame = frames.take();
  const { side, complexity } = quality.now;
  const { turn } = state;
  const blob = await frames.encode(frame, side);
  if (turn !== state.turn) return;
  state.isEncoding = false;
  if (blob && live.hasRoom) live.send(blob, frame.time / 1000, { frame, quality: { side, complexity } });
  else frames.release(frame);
}

function preview() {
  if (!video.videoWidth) return;
  view.show({
    picture: video, size: { width: video.videoWidth, height: video.videoHeight }, shows, isMirrored: state.isMirrored,
  });
}

function hearState(session) {
  if (session.step === "refused") return fail(describe(session.problem));
  state.session = session.problem ? { ...session, problem: describe(session.problem) } : session;
  if (session.step === "waiting") {
    state.retryAt = performance.now() + session.seconds * 1000;
    announce(say("cameraWaiting", state.session.problem.title, session.seconds));
  }
  // Frames under way have no answer any more, and ids begin anew.
  if (session.step !== "open") {
    forgetPeople();
    live.change({ follow: null });
  }
  write();
}

function hearAnswer(answer, { frame, quality: asked }) {
  if (!answer.people) {
    state.dropped += 1;
    frames.release(frame);
    if (answer.error && answer.error.code !== "overloaded") state.errors += 1;
    if (state.errors > mostErrors) return fail(describe(new Problem(answer.error.code, answer.error.detail)));
    return pump();
  }
  state.errors = 0;
  const isFirst = !state.result;
  if (state.frame) frames.release(state.frame);
  Object.assign(state, { result: answer, frame });
  for (const { id, box } of answer.people) state.boxes.set(id, box);
  answer.people.forEach((person) => counts.note(person));
  for (const id of state.boxes.keys()) {
    if (!answer.lost.includes(id) && !answer.people.some((person) => person.id === id)) state.boxes.delete(id);
  }
  letGo(answer);
  draw();
  const shown = state.chosen ?? state.inSpace;
  examples.note(answer.people.find(({ id }) => id === shown), answer.image, answer.time);
  const now = performance.now();
  state.drawn.push({ at: now, delay: now - frame.time });
  while (state.drawn[0].at < now - speedSpan) state.drawn.shift();
  const isOfNow = asked.side === quality.now.side && asked.complexity === quality.now.complexity;
  if (isOfNow && quality.note(now, answer.timing.total, frames.interval)) live.change({ complexity: quality.now.complexity });
  if (isFirst) write();
  pump();
}

function draw(isDue = false) {
  const { result, frame, chosen, isMirrored } = state;
  if (!result) return;
  const { people, lost, image } = result;
  view.show({
    picture: frame.canvas, size: frame.canvas, people, resultSize: image, shows, chosen, isMirrored,
    lost: lost.flatMap((id) => (state.boxes.has(id) ? [{ id, box: state.boxes.get(id) }] : [])),
  });
  world.show(personInSpace(people), { shows, isMirrored });
  list.write(people, lost, chosen, isDue);
  writeCount();
}

/** Whom 3D shows: the one who is chosen; else who was shown before, as long as there, then who is largest. */
function personInSpace(people) {
  const find = (id) => people.find((person) => person.id === id);
  if (state.chosen !== undefined) return find(state.chosen);
  const area = ({ box }) => box.width * box.height;
  const one = find(state.inSpace) ?? [...people].sort((a, b) => area(b) - area(a))[0];
  state.inSpace = one?.id ?? state.inSpace;
  return one;
}

// Whom to follow.

/** Chooses a person by id, or nobody. */
function choose(id) {
  if (state.step !== "on" || id === state.chosen) return;
  if (state.isAlone) followAlone(false);
  state.chosen = id;
  announce(id === undefined ? say("cameraChoseNobody") : say("cameraChose", id));
  draw();
  write();
}

function chooseNext(step) {
  const ids = (state.result?.people ?? []).map(({ id }) => id).sort((a, b) => a - b);
  if (!ids.length) return;
  const at = ids.indexOf(state.chosen);
  choose(ids.at(at >= 0 ? (at + step) % ids.length : step > 0 ? 0 : -1));
}

/** Has the service look at the chosen one only, which costs it least, or at everybody. */
function followAlone(isAlone) {
  Object.assign(state, { isAlone, missed: 0 });
  live.change({ follow: isAlone ? state.chosen : null });
  write();
}

/** Who is gone for good is no more chosen, or followed. */
function letGo({ people, lost }) {
  const isKnown = people.some(({ id }) => id === state.chosen) || lost.includes(state.chosen);
  state.missed = isKnown || state.chosen === undefined ? 0 : state.missed + 1;
  if (state.missed === mostMissed) choose(undefined);
}

// What is said.

/** What changes without an event: numbers, and that nothing has changed for long. */
function tick() {
  draw(true);
  writeSpeed();
  writeWord();
  writeSession();
  announcePeople();
  writePeople();
  writeAnglesTable();
}

function write() {
  const { step } = state;
  const panel = byId("panel-camera");
  panel.classList.toggle("empty", step === "off");
  byId("camera-workspace").hidden = step === "off";
  byId("camera-workspace").classList.toggle("failed", step === "failed");
  panel.querySelector(".side").hidden = step === "failed";
  byId("camera-note").hidden = !state.note;
  byId("camera-note").textContent = state.note ? say(state.note) : "";
  byId("camera-stop").hidden = step === "failed";
  byId("camera-mirror").hidden = step === "failed";
  byId("camera-mirror").ariaPressed = String(state.isMirrored);
  writeFailure();
  writeSpeed();
  writeWord();
  writeSession();
  writePeople();
  writeCount();
  writeAnglesTable();
}

/** The number of the person who is shown in 3D; who is out of sight keeps it. */
function writeCount() {
  const asked = state.step === "on" ? state.exercise : "";
  byId("camera-zero").hidden = !asked;
  counter.show({ asked, ...counts.of(state.chosen ?? state.inSpace) });
}

function writeAnglesTable() {
  const id = state.chosen ?? state.inSpace;
  const person = shows.angles ? state.result?.people.find((one) => one.id === id) : undefined;
  byId("camera-angles-section").hidden = !person;
  if (person) writeAngles(byId("camera-angles"), person, id);
}

function writeFailure() {
  const { problem } = state;
  byId("camera-failure").hidden = state.step !== "failed";
  if (state.step !== "failed") return;
  byId("camera-failure-title").textContent = problem.title;
  byId("camera-failure-advice").textContent = problem.advice;
  byId("camera-failure-detail").textContent = problem.detail ?? "";
  byId("camera-key-form").hidden = problem.code !== "unauthorized";
  byId("camera-retry").hidden = problem.code === "unauthorized";
}

/** Over the picture: what it waits for. */
function writeSession() {
  const { step, session, result } = state;
  const isWaiting = step === "starting" || (step === "on" && !result);
  byId("camera-progress").hidden = !isWaiting;
  if (!isWaiting) return;
  const seconds = Math.max(Math.ceil((state.retryAt - performance.now()) / 1000), 0);
  byId("camera-progress-text").textContent =
    step === "starting" ? say("cameraStarting")
    : session.step === "waiting" ? say("cameraWaiting", session.problem.title, seconds)
    : session.step === "connecting" ? say("cameraConnecting")
    : say("computing");
  byId("camera-hurry").hidden = session.step !== "waiting";
}

/** Frames a second and delay, of the last two seconds. */
function writeSpeed() {
  const { step, drawn } = state;
  const now = performance.now();
  const recent = drawn.filter(({ at }) => at > now - speedSpan);
  const span = recent.length > 1 ? recent.at(-1).at - recent[0].at : 0;
  const rate = span > 0 && now - recent.at(-1).at < 1000 ? ((recent.length - 1) * 1000) / span : 0;
  const delay = recent.map((one) => one.delay).sort((a, b) => a - b)[recent.length >> 1] ?? 0;
  byId("camera-speed").hidden = step !== "on" || rate === 0;
  byId("camera-speed").textContent = say("cameraSpeed", Math.round(rate), Math.round(delay));
  if (!state.result) return void (byId("camera-facts").textContent = "");
  const { model, image, timing } = state.result;
  byId("camera-facts").textContent =
    say("cameraFacts", say(model.name) ?? model.name, image.width, image.height, timing.total.toFixed(0), state.dropped);
}

/** Over the picture: that it is an old one. */
function writeWord() {
  const isOn = state.step === "on" && state.result !== undefined;
  const isMissed = state.isMissingFrames && live.waiting === 0;
  const isCameraStill = isOn && (isMissed || performance.now() - frames.arrival > staleTime);
  const isServiceStill = isOn && live.waiting > staleTime;
  const word = isCameraStill ? "cameraStale" : isServiceStill ? "cameraSlow" : undefined;
  byId("camera-stage").classList.toggle("still", word !== undefined);
  byId("camera-word").hidden = !word;
  byId("camera-word").textContent = word ? say(word) : "";
}

function writePeople() {
  const { result, chosen, isAlone } = state;
  const count = result ? result.people.length + result.lost.length : 0;
  byId("camera-nobody").hidden = !result || count > 0;
  byId("camera-alone").hidden = chosen === undefined || (count < 2 && !isAlone);
  byId("camera-alone").ariaPressed = String(isAlone);
  byId("camera-choose-hint").hidden = count < 2 || chosen !== undefined;
}

/** Tells a screen reader how many people there are, when that has held for a while. */
function announcePeople() {
  const { people, result } = state;
  if (!result) return;
  const now = performance.now();
  const count = result.people.length;
  if (count !== people.count) Object.assign(people, { count, since: now });
  if (now - people.since < calm || people.count === people.said) return;
  people.said = count;
  announce(count ? say("peopleFound", count) : say("cameraNobody"));
}
