// Whether what was chosen becomes a job, and what is made of it: asked, with the choice to stay. Without jobs nothing is asked.
import { byId } from "./dom.js";
import { jobs } from "./jobs.js";
import { say } from "./language.js";
import { showSection } from "./sections.js";
import { aboutServer, areJobsOn } from "./service.js";

/** More photos at once, or more seconds of video, make a long wait. */
export const [manyPhotos, longVideo] = [20, 120];
/** Bytes of a video whose length the browser can't tell. */
const largeVideo = 64 * 1024 * 1024;

const dialog = byId("job-offer");

/** Whether a video is long, or larger than the page may send; `duration` in seconds, 0 if it isn't known. */
export async function isLong({ size }, duration) {
  if (duration ? duration > longVideo : size > largeVideo) return true;
  return size > (await aboutServer()).maxVideoBody;
}

/**
 * Offers to hand files over as a job, `{ kind, files, query, drawing }`: `drawing` is added to the query when drawings are wanted. `why` says what
 * speaks for it. Gives `job` when that was done, `here` when the visitor would rather stay or the service takes no jobs, else `nothing`.
 */
export async function offerJob(handOver, why) {
  if (!(await areJobsOn())) return "here";
  const answer = await askForJob(handOver, why, { mayStay: true });
  if (answer === "job") showSection("jobs", byId("jobs-heading"));
  return answer;
}

/** The same without a look at the service, for who wants a job anyway. */
export async function askForJob({ kind, files, query, drawing }, why, { mayStay = false } = {}) {
  const broken = jobs.unsentLike(files);
  const { answer, make } = broken ? { answer: "job", make: broken.make } : await ask(kind, why, mayStay);
  if (answer === "job") jobs.handOver({ kind, files, make, query: make === "drawings" ? { ...query, ...drawing } : query });
  return answer;
}

async function ask(kind, why, mayStay) {
  byId("job-offer-why").textContent = why;
  byId("job-offer-drawings").textContent = say(kind === "video" ? "jobDrawnVideo" : "jobDrawnPhotos");
  byId("job-offer-here").hidden = !mayStay;
  dialog.returnValue = "nothing";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return { answer: dialog.returnValue, make: dialog.querySelector("form").elements.make.value };
}
