// What the browser keeps of jobs: ids, names and times, nothing of what is in photos, videos and results. Each job has an entry of its
// own, so that several tabs never write over each other's.
import { base } from "./service.js";

/** Another service of this host, below another path, has jobs of its own. */
const prefix = `stance.job:${base.pathname}:`;

/** The entries, each with the `key` that it is kept under. */
export function keptJobs() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix)).map(read).filter(Boolean);
  } catch {
    // Storage is forbidden: jobs are known until the page is left.
    return [];
  }
}

/** Keeps an entry, or what changed of it. */
export function keepJob({ key, ...entry }) {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(entry));
  } catch {
    // Forbidden or full, as above.
  }
}

export function dropJob(key) {
  try {
    localStorage.removeItem(prefix + key);
  } catch {
    // As above.
  }
}

/** Calls `listener` with the key of an entry that another tab changed, and the entry, undefined for one that was dropped. */
export function whenKeptElsewhere(listener) {
  addEventListener("storage", ({ key: name }) => {
    if (name?.startsWith(prefix)) listener(name.slice(prefix.length), read(name));
  });
}

function read(name) {
  try {
    const entry = JSON.parse(localStorage.getItem(name));
    return entry ? { ...entry, key: name.slice(prefix.length) } : undefined;
  } catch {
    return undefined;
  }
}
