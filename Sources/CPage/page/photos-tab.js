// The Photos tab: one state, written out into the document after every change.
import { byId } from "./dom.js";
import { download, drawingQuery } from "./downloads.js";
import { setUpIntake } from "./intake.js";
import { manyPhotos, offerJob } from "./job-offer.js";
import { readPhotos } from "./job-results.js";
import { evidence, landmarkTitle, say, whenLanguageIsSet } from "./language.js";
import { percent, writeAngles, writePeople, writeStrip, writeTable } from "./lists.js";
import { announce, notify, notifyOf } from "./notices.js";
import { mostPhotos, Photo, PhotoList, requestMask, requestShownPhoto } from "./photos.js";
import { PictureView } from "./picture.js";
import { regionQuery, RegionTool } from "./regions.js";
import { whenSectionChanges } from "./sections.js";
import { describe, isHere, useKey } from "./service.js";
import { changeSettings, poseQuery, setUpSettings } from "./settings.js";
import { setUpShows, usualShows } from "./shows.js";
import { landmarkNames } from "./skeleton.js";
import { setUpTabs } from "./tabs.js";
import { hideTip, showTip } from "./tip.js";
import { WorldView } from "./world.js";

const panel = byId("panel-photos");

const state = {
  /** The photo on the stage. */
  photo: undefined,
  /** Whose landmarks table and 3D view show, and the joint pointed at: places in the result's lists. */
  person: 0,
  joint: undefined,
  /** Whether angles are asked for too: once somebody looks at them. */
  areAnglesWanted: false,
  /** Whether the joint stays when the pointer leaves. */
  isPinned: false,
  shows: setUpShows(byId("shows"), { key: "shows", defaults: { ...usualShows, mask: false }, onChange: () => wantAngles() || write() }),
};

state.areAnglesWanted = state.shows.angles;

/** The request whose mask is on the stage, or on its way there. */
let shownMask;

const queryFor = ({ regions }) => ({ ...poseQuery(), ...regionQuery(regions), ...(state.areAnglesWanted && { angles: "all" }) });

const list = new PhotoList({
  query: queryFor,
  onChange: (photo) => {
    if (photo === state.photo) write();
    else writeStrip(list.photos, state.photo, choosePhoto);
    if (photo.state === "done") announce(say("done", photo.name, say("peopleFound", photo.result.people.length)));
    if (photo.state === "failed") {
      announce(say("failed", photo.name, photo.problem.title));
      if (photo === state.photo) showTab("picture");
    }
  },
});
const regionTool = new RegionTool({
  onChange: (regions) => {
    state.photo.regions = regions;
    findAgain();
  },
  onArm: () => showTab("picture"),
  announce,
});
const picture = new PictureView({
  onJoint: (place, isTap) => regionTool.isBusy || chooseJoint(place, isTap),
  onUndecodable: showServersPicture,
});
const world = new WorldView({
  canvas: byId("world"),
  buttons: byId("world-buttons"),
  onJoint: (joint, isTap) => chooseJoint(joint === undefined ? undefined : { person: state.person, joint }, isTap),
});
const showTab = setUpTabs(byId("views"), () => {
  forgetJoint();
  wantAngles() || write();
});

setUpIntake(takeFiles);
setUpSettings(findAgain);
setUpButtons();
whenSectionChanges(forgetJoint);
whenLanguageIsSet(() => {
  byId("privacy").textContent = isHere() ? say("privacyHere") : say("privacyThere", location.hostname);
  write();
});

function setUpButtons() {
  byId("clear").addEventListener("click", () => {
    list.replace([]);
    state.photo = undefined;
    forgetJoint();
    write();
    byId("choose").focus();
  });
  byId("retry").addEventListener("click", retry);
  byId("search-thoroughly").addEventListener("click", () => changeSettings({ search: "thorough" }));
  byId("show-all").addEventListener("click", () => changeSettings({ maxPeople: byId("show-all").value }));
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    useKey(byId("key").value);
    for (const photo of list.photos) if (photo.problem?.code === "unauthorized") photo.state = "waiting";
    work();
  });
  for (const button of byId("downloads").children) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await download(state.photo, button.dataset.format, state.shows);
      } catch (error) {
        notifyOf(describe(error));
      }
      button.disabled = false;
    });
  }
  document.addEventListener("scroll", forgetJoint, { capture: true, passive: true });
}

// What happens.

async function takeFiles(files) {
  notify("");
  const others = list.attach(files);
  if (others.length < files.length) choosePhoto(state.photo);
  if (others.length > manyPhotos && (await offerJob(photosHandOver(others), say("jobManyPhotos", others.length, manyPhotos))) !== "here") return;
  const added = list.add(others);
  if (added.length < others.length) notify(say("tooMany", mostPhotos));
  if (!added.length) return;
  choosePhoto(added[0]);
  work();
}

/** What a job of photos is asked with (job-offer.js): the settings of now, no regions. */
export function photosHandOver(files) {
  return { kind: "photos", files, query: queryFor({ regions: [] }), drawing: { output: "jpeg", ...drawingQuery(state.shows) } };
}

/** Shows what came of a job instead of the photos that are there; with its pictures, while this page has them. */
export async function openPhotos(job) {
  const fileOf = (name, place) => [job.files?.[place], ...(job.files ?? [])].find((file) => file?.name === name);
  const found = await readPhotos(job, mostPhotos);
  const photos = found.map((one, place) => Photo.ofJob(one, fileOf(one.name, place), job.query));
  list.replace(photos);
  if (!photos.length) return;
  choosePhoto(photos.find(({ state: step }) => step === "done") ?? photos[0]);
  const all = job.told.progress.items;
  const isAll = !(all > photos.length) || photos.length < mostPhotos;
  notify([!isAll && say("jobShown", photos.length, all), photos.some(({ file }) => !file) && say("jobPhotosGone")].filter(Boolean).join(" "));
}

function work() {
  write();
  list.work(() => state.photo);
}

function retry() {
  state.photo.state = "waiting";
  work();
}

/** After a change of settings or regions the photo on the stage is done anew; the others when they are chosen. */
function findAgain() {
  if (state.photo) choosePhoto(state.photo);
}

/** Asks for the photo's angles when they are to be seen for the first time; returns whether it did. */
function wantAngles() {
  if (state.areAnglesWanted || (byId("panel-angles").hidden && !state.shows.angles)) return false;
  state.areAnglesWanted = true;
  if (state.photo?.state !== "done" || !state.photo.file) return false;
  state.photo.state = "waiting";
  work();
  return true;
}

function choosePhoto(photo) {
  Object.assign(state, { photo, person: 0 });
  forgetJoint();
  if (list.isOutdated(photo) && (photo.state === "done" || photo.state === "failed")) photo.state = "waiting";
  // Progress and failure are said over the picture.
  if (photo.state !== "done") showTab("picture");
  work();
}

function choosePerson(person) {
  state.person = person;
  forgetJoint();
  write();
}

/** `place` is a person and a joint, or undefined; a tap pins the joint, until a tap elsewhere. */
function chooseJoint(place, isTap) {
  if (!isTap && state.isPinned) return;
  if (place?.joint === state.joint && (place?.person ?? state.person) === state.person && !isTap) return;
  state.isPinned = isTap && place !== undefined;
  state.joint = place?.joint;
  if (place) state.person = place.person;
  write();
}

function forgetJoint() {
  if (state.joint === undefined) return;
  Object.assign(state, { joint: undefined, isPinned: false });
  hideTip();
}

async function showServersPicture() {
  const { photo } = state;
  if (photo?.state !== "done" || !photo.file || photo.isShownURLRequested) return;
  photo.isShownURLRequested = true;
  try {
    await requestShownPhoto(photo);
    write();
  } catch (error) {
    notifyOf(describe(error));
  }
}

// What is shown.

function write() {
  const { photo } = state;
  panel.classList.toggle("empty", !photo);
  byId("strip-section").hidden = !photo;
  byId("workspace").hidden = !photo;
  writeStrip(list.photos, photo, choosePhoto);
  if (!photo) return hideTip();
  writeProgress(photo);
  writeFailure(photo);
  writeResult(photo);
}

function writeProgress({ state: step, progress }) {
  const isBusy = step === "waiting" || step === "working";
  byId("picture").classList.toggle("busy", isBusy);
  byId("progress").hidden = !isBusy;
  if (!isBusy) return;
  const bar = byId("progress-bar");
  if (progress.sent > 0 && progress.sent < 1) bar.value = progress.sent;
  else bar.removeAttribute("value");
  byId("progress-text").textContent =
    step === "waiting" ? say("waiting")
    : progress.waiting ? say("busy", progress.waiting)
    : progress.computing || progress.sent === 1 ? say("computing")
    : say("sending", Math.round((progress.sent ?? 0) * 100));
}

function writeFailure({ state: step, problem, file }) {
  byId("failure").hidden = step !== "failed";
  if (step !== "failed") return;
  byId("failure-title").textContent = problem.title;
  byId("failure-advice").textContent = problem.advice;
  byId("failure-detail").textContent = problem.detail;
  byId("key-form").hidden = problem.code !== "unauthorized";
  byId("retry").hidden = problem.code === "unauthorized" || !file;
}

function writeResult(photo) {
  const result = photo.state === "failed" ? undefined : photo.result;
  const people = result?.people ?? [];
  const { person, joint, shows } = state;
  picture.showPhoto(photo.shownURL ?? photo.url, photo.name);
  picture.show({ people, size: result?.image, person, joint, shows });
  world.show(people[person], { joint, shows });
  regionTool.show(photo.regions, photo.result?.image);
  writePeople(byId("people"), people, person, choosePerson);
  writeMore(result);
  if (!byId("panel-angles").hidden) writeAngles(byId("angles"), people[person], person + 1);
  if (!byId("panel-table").hidden) writeTable(byId("table"), result, person, joint, (index) => chooseJoint({ person, joint: index }, true));
  writeMask(photo, people.length > 0);
  writeNobody(photo);
  panel.querySelector(".side").hidden = !photo.result;
  for (const section of panel.querySelectorAll(".needs-people")) section.hidden = !people.length;
  for (const part of panel.querySelectorAll(".needs-picture")) part.hidden = !photo.file;
  byId("facts").textContent = result ? facts(result) : "";
  // The browser may have failed to show the photo before the result came.
  if (result && photo.url && !photo.shownURL && byId("photo").complete && !byId("photo").naturalWidth) showServersPicture();
  writeTip(result);
}

/** What to do when nobody was found; it stays while that is tried, so that the picture doesn't jump. */
function writeNobody({ state: step, result, resultQuery, file }) {
  const isNobody = step !== "failed" && result?.people.length === 0;
  byId("nobody").hidden = !isNobody;
  if (!isNobody) return;
  const isThorough = result.model.search === "thorough";
  byId("nobody-advice").textContent = say(resultQuery.region ? "nobodyInRegions" : isThorough ? "nobodyAtAll" : "nobody");
  byId("search-thoroughly").hidden = isThorough || !file;
}

/** How to see those who were found but not returned. */
function writeMore(result) {
  const shown = result?.people.length;
  const found = result?.peopleFound ?? shown;
  byId("more").hidden = !(found > shown);
  byId("more-found").textContent = say("peopleShown", shown, found);
  const next = Math.min(found, byId("maxPeople").max);
  byId("show-all").hidden = !(next > shown) || !state.photo.file;
  byId("show-all").value = next;
  byId("show-all").textContent = say("showPeople", next);
}

function facts({ model, timing, image }) {
  const search = model.search === "auto" ? "automatic" : model.search;
  return say("facts", say(model.name) ?? model.name, say(search) ?? search, timing.total.toFixed(0), image.width, image.height);
}

/** Asks for the mask when it is wanted; the photo may be another one when it comes. */
async function writeMask(photo, isAnybody) {
  const isWanted = state.shows.mask && isAnybody && photo.file;
  const asked = isWanted ? requestMask(photo) : undefined;
  if (asked === shownMask) return;
  shownMask = asked;
  await picture.showMask(undefined);
  try {
    const mask = await asked;
    if (shownMask === asked) await picture.showMask(mask);
  } catch (error) {
    notifyOf(describe(error));
  }
}

/** The card beside the joint: pixels on the picture, metres in 3D; the table needs none. */
function writeTip(result) {
  const { person, joint } = state;
  const one = result?.people[person];
  const isWorld = !byId("panel-world").hidden;
  if (!one || joint === undefined || !byId("panel-table").hidden || !byId("panel-angles").hidden) return hideTip();
  const landmark = one.landmarks[joint];
  const title = landmarkTitle(landmarkNames[joint]);
  const place = isWorld ? world.place(joint) : picture.place({ person, joint });
  const rows = isWorld ? metres(one.worldLandmarks[joint]) : pixels(landmark, result.image);
  rows.push([say("visibility"), percent(landmark.visibility)], [say("evidence"), evidence(landmark)]);
  showTip(place.x, place.y, title, rows);
  if (state.isPinned) announce([title, ...rows.map((row) => row.join(" "))].join(", "));
}

const pixels = ({ x, y, z }, { width, height }) =>
  [["x", x * width], ["y", y * height], ["z", z * width]].map(([name, value]) => [name, `${value.toFixed(1)} px`]);

const metres = ({ x, y, z }) => [["x", x], ["y", y], ["z", z]].map(([name, value]) => [name, `${value.toFixed(3)} m`]);
