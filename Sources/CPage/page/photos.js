// The photos of this visit and what the server found in them, one request after another.
import { describe, Problem, requestPose } from "./service.js";

/** So many photos are kept in memory; more are left out. */
export const mostPhotos = 100;

/**
 * One photo. `state` is `waiting`, `working`, `done` or `failed`; done: `answer` (the JSON as a Blob), `result` (read) and
 * `resultQuery`; failed: `problem`. `query` is what it was sent with. While it is sent again, the last result stays.
 */
export class Photo {
  file = undefined;
  url = undefined;
  state = "waiting";
  progress = {};
  query = undefined;
  /** Where alone people are looked for, in pixels; nowhere in particular without any. */
  regions = [];
  answer = undefined;
  result = undefined;
  /** The query that `result` answers. */
  resultQuery = undefined;
  problem = undefined;
  mask = undefined;
  /** The server's JPEG of a photo that this browser can't show. */
  shownURL = undefined;
  /** Whether that was asked for. */
  isShownURLRequested = false;

  /** Without a `file` there is no picture, only what was found in it. */
  constructor(file, name = file.name || "photo") {
    this.name = name;
    if (file) this.attach(file);
  }

  /** A photo of a job, as `readPhotos` (job-results.js) gives it; `query` is what the job was asked with, if that is known. */
  static ofJob({ name, text, result, problem }, file, query) {
    const photo = new Photo(file, name);
    if (problem) return Object.assign(photo, { state: "failed", problem, query });
    const answer = new Blob([text], { type: "application/json" });
    return Object.assign(photo, { state: "done", answer, result, query, resultQuery: query ?? {} });
  }

  attach(file) {
    this.file = file;
    this.url = URL.createObjectURL(file);
  }

  /** Lets go of the picture's memory. */
  forget() {
    if (this.url) URL.revokeObjectURL(this.url);
    if (this.shownURL) URL.revokeObjectURL(this.shownURL);
  }
}

/** Photos in the order they came. */
export class PhotoList {
  photos = [];
  #query;
  #onChange;
  #isWorking = false;

  /** `query` gives the query that holds for a photo now; `onChange` hears of every step of a photo. */
  constructor({ query, onChange }) {
    this.#query = query;
    this.#onChange = onChange;
  }

  /** Adds photos for these files, as far as there is room; returns those added. */
  add(files) {
    const added = files.slice(0, mostPhotos - this.photos.length).map((file) => new Photo(file));
    this.photos.push(...added);
    return added;
  }

  /** Gives photos of a job their pictures, by their names; returns the files that belong to none. */
  attach(files) {
    return files.filter((file) => {
      const missing = this.photos.filter((one) => !one.file);
      // Photos of an archive are called by their way in it; two of one name can't be told apart.
      const below = missing.filter(({ name }) => name.endsWith(`/${file.name}`));
      const photo = missing.find(({ name }) => name === file.name) ?? (below.length === 1 ? below[0] : undefined);
      if (!photo) return true;
      photo.attach(file);
      // What was asked then is not known: it is taken for what would be asked now.
      photo.query = this.#query(photo);
      return false;
    });
  }

  /** Lets go of all photos, for these. */
  replace(photos) {
    for (const photo of this.photos) photo.forget();
    this.photos = photos;
  }

  /** Whether the photo was sent with another query than the one that holds now. */
  isOutdated(photo) {
    return photo.file !== undefined && photo.query !== undefined && JSON.stringify(photo.query) !== JSON.stringify(this.#query(photo));
  }

  /** Sends every waiting photo, `first` before the others; each with the query that holds when its turn comes. */
  async work(first = () => undefined) {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (;;) {
      const wanted = first();
      const photo = wanted?.state === "waiting" ? wanted : this.photos.find(({ state }) => state === "waiting");
      if (!photo) break;
      await this.#findPeople(photo, this.#query(photo));
    }
    this.#isWorking = false;
  }

  async #findPeople(photo, query) {
    Object.assign(photo, { state: "working", progress: {}, query, problem: undefined, mask: undefined });
    this.#onChange(photo);
    try {
      const onProgress = (progress) => {
        photo.progress = progress;
        this.#onChange(photo);
      };
      photo.answer = await requestPose(photo.file, { query, onProgress });
      photo.result = readResult(await photo.answer.text());
      photo.resultQuery = query;
      photo.state = "done";
    } catch (error) {
      photo.problem = describe(error);
      photo.state = "failed";
    }
    // Settings and regions may change while the server works.
    if (this.isOutdated(photo)) photo.state = "waiting";
    this.#onChange(photo);
  }
}

/** The answer's JSON, or a Problem when it is none. */
function readResult(text) {
  try {
    const result = JSON.parse(text);
    if (Array.isArray(result.people) && result.image.width > 0) return result;
  } catch {
    // Not JSON, said below.
  }
  throw new Problem("other", text.slice(0, 200));
}

/** What a photo was sent with, but for angles, which would be drawn. */
export const pictureQuery = ({ query: { angles, ...rest } }) => rest;

/** The mask of everybody in the photo, as the server's PNG; asked for once. */
export function requestMask(photo) {
  photo.mask ??= requestPose(photo.file, {
    query: { ...photo.query, segmentation: true, output: "mask" },
    accept: "image/png",
  });
  return photo.mask;
}

/** Has the server draw a JPEG of the plain photo, for a format that this browser can't show. */
export async function requestShownPhoto(photo) {
  const plain = await requestPose(photo.file, {
    query: { ...pictureQuery(photo), joints: false, bones: false },
    accept: "image/jpeg",
  });
  photo.shownURL = URL.createObjectURL(plain);
}
