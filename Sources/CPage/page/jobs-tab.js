// The Jobs tab: what was handed over, how far it is, and what came of it.
import { byId } from "./dom.js";
import { takeFilesIn } from "./drop.js";
import { JobCard } from "./job-card.js";
import { askForJob } from "./job-offer.js";
import { readFailures, saveResult, saveTable } from "./job-results.js";
import { JobWatch } from "./job-watch.js";
import { progressWords, stateWords, titleOf } from "./job-words.js";
import { jobs } from "./jobs.js";
import { say, whenLanguageIsSet } from "./language.js";
import { announce, notify, notifyOf } from "./notices.js";
import { openPhotos, photosHandOver } from "./photos-tab.js";
import { section, showSection, whenSectionChanges } from "./sections.js";
import { areJobsOn, describe, useKey } from "./service.js";
import { clipHandOver, openClip } from "./video-tab.js";

/** Of the photos of a job that failed, so many are named. */
const mostFailures = 100;
/** Parts of a job after which a screen reader is told how far it is. */
const tellingParts = 4;

const cards = new Map();
const state = {
  /** Whether the service takes jobs; undefined until it was asked. */
  isOn: undefined,
  /** What hinders asking for jobs now. */
  problem: undefined,
  /** What was last told of each job, by its key. */
  told: new Map(),
};

const watch = new JobWatch({
  onProblem: (problem) => {
    state.problem = problem && describe(problem);
    if (problem?.code === "jobs_off") state.isOn = false;
    write();
  },
});

takeFilesIn("jobs", { onFiles: takeFiles, words: "jobsDrop", none: "noPictures" });
setUpButtons();
jobs.whenChanged((job) => {
  if (job) writeJob(job);
  else write();
});
whenSectionChanges((name) => {
  if (name === "jobs") learnWhetherOn();
  else look();
  write();
});
whenLanguageIsSet(write);
addEventListener("beforeunload", (event) => {
  // What is being sent would have to be sent anew.
  if (jobs.all.some(({ sending }) => sending)) event.preventDefault();
});
learnWhetherOn();

function setUpButtons() {
  const file = byId("job-file");
  for (const id of ["jobs-choose", "jobs-add"]) byId(id).addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const files = [...file.files];
    file.value = "";
    if (files.length) takeFiles(files);
  });
  byId("jobs-key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    useKey(byId("jobs-key").value);
    byId("jobs-key").value = "";
    for (const job of jobs.all) if (job.problem?.code === "unauthorized" && job.files) jobs.resend(job);
    look();
  });
}

async function learnWhetherOn() {
  state.isOn = await areJobsOn();
  write();
  look();
}

/** Without jobs there is nothing to ask for. */
function look() {
  if (state.isOn || jobs.all.length) watch.look();
}

// What happens.

/** Photos become one job together, each archive and each video one of its own. */
async function takeFiles(files) {
  notify("");
  if (state.isOn === false) return notify(say("jobsOff"));
  const kindOf = ({ name, type }) =>
    /\.(zip|tar|tgz|tar\.\w+)$/i.test(name) ? "archive"
    : type.startsWith("video/") || /\.(mkv|ts|avi|gif)$/i.test(name) ? "video"
    : "photos";
  const photos = files.filter((file) => kindOf(file) === "photos");
  if (photos.length) await askForJob(photosHandOver(photos), say("jobWhat", titleOf({ name: photos[0].name, count: photos.length })));
  for (const file of files.filter((one) => !photos.includes(one))) {
    const handOver = kindOf(file) === "video" ? clipHandOver(file) : { ...photosHandOver([file]), kind: "archive" };
    await askForJob(handOver, say("jobWhat", file.name));
  }
}

const actions = {
  open: async (job) => {
    await (job.isVideo ? openClip(job) : openPhotos(job));
    if (job.isVideo) showSection("video", byId("clip-stage"));
    else showSection("photos", byId("picture"));
  },
  result: saveResult,
  csv: saveTable,
  cancel: (job) => jobs.cancel(job),
  retry: (job) => jobs.retry(job),
  choose: () => byId("job-file").click(),
  forget: async (job) => {
    if (!(await mayForget(job))) return;
    const place = jobs.all.indexOf(job);
    await jobs.forget(job);
    const next = jobs.all[place] ?? jobs.all.at(-1);
    if (next) cards.get(next.key).focus();
    else byId("jobs-choose").focus();
  },
};

/** Jobs that a button was pressed for: a second press does nothing until the first is done. */
const acting = new Set();

async function act(job, name) {
  if (acting.has(job)) return;
  acting.add(job);
  notify("");
  try {
    await actions[name](job);
  } catch (error) {
    notifyOf(describe(error));
  }
  acting.delete(job);
  watch.look();
}

/** Only what the service still has is worth a question. */
function mayForget(job) {
  if (!job.id || job.isGone) return true;
  const dialog = byId("job-forget");
  byId("job-forget-what").textContent = say("jobForgetWhat", titleOf(job));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "forget"), { once: true }));
}

async function failuresOf(job) {
  try {
    const failures = await readFailures(job, mostFailures);
    return failures.map(({ name, problem }) => [name, problem.title]);
  } catch (error) {
    return [["", describe(error).title]];
  }
}

// What is shown.

function write() {
  const all = jobs.all;
  byId("panel-jobs").classList.toggle("empty", !all.length);
  byId("jobs-workspace").hidden = !all.length;
  byId("jobs-off").hidden = state.isOn !== false;
  byId("jobs-actions").hidden = byId("jobs-add").hidden = state.isOn === false;
  writeProblem();
  const isKeyWanted = [state.problem, ...all.map(({ problem }) => problem)].some((problem) => problem?.code === "unauthorized");
  byId("jobs-key-form").hidden = !isKeyWanted;
  writeTab();
  writeList(all);
}

/** Written when it changes: it is read aloud each time. */
function writeProblem() {
  const { problem } = state;
  const words = !problem ? "" : problem.code === "network" ? say("jobsUnreachable") : `${problem.title}. ${problem.advice}`;
  byId("jobs-problem").hidden = !problem;
  if (byId("jobs-problem").textContent !== words) byId("jobs-problem").textContent = words;
}

function writeTab() {
  byId("tab-jobs").hidden = !(state.isOn || jobs.all.length || section() === "jobs");
  const count = jobs.openCount;
  byId("jobs-open").hidden = !count;
  byId("jobs-open").textContent = count;
  byId("jobs-open-words").textContent = count ? say("jobsOpen", count) : "";
}

/** Cards stay where they are: a new one comes first, one that went is taken out. */
function writeList(all) {
  const list = byId("jobs-list");
  for (const [key, card] of cards) {
    if (all.some((job) => job.key === key && card.job === job)) continue;
    card.element.remove();
    cards.delete(key);
  }
  all.forEach((job, place) => {
    if (!cards.has(job.key)) cards.set(job.key, new JobCard(job, { onAct: act, onErrors: failuresOf }));
    const card = cards.get(job.key);
    if (list.children[place] !== card.element) list.insertBefore(card.element, list.children[place] ?? null);
    card.write();
  });
}

function writeJob(job) {
  tell(job);
  if (!cards.has(job.key) || job.problem) return write();
  cards.get(job.key).write();
  writeTab();
}

/** Says to screen readers where a job stands, and a few times how far it is. */
function tell(job) {
  const { state: step, progress } = job;
  const part = step === "running" && progress ? Math.floor((tellingParts * progress.done) / progress.total) : 0;
  const [before, now] = [state.told.get(job.key), `${step} ${part}`];
  state.told.set(job.key, now);
  if (before === undefined || before === now) return;
  announce(say("done", titleOf(job), [stateWords(job), part && progressWords(job)].filter(Boolean).join(", ")));
}
