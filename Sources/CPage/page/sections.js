// Photos, Video, Camera and Jobs: the page's own tabs. The one shown stands in the address's hash, so that a reload keeps it.
import { byId } from "./dom.js";
import { setUpTabs } from "./tabs.js";

const names = ["photos", "video", "camera", "jobs"];
const listeners = [];
let shown = names[0];

/** Which is shown: `photos`, `video`, `camera` or `jobs`. */
export const section = () => shown;

/** Calls `listener` with the name of the one shown, after each change. */
export function whenSectionChanges(listener) {
  listeners.push(listener);
}

/** Goes to another one of them, and there to an element. */
export function showSection(name, target) {
  addEventListener("hashchange", () => target.focus({ preventScroll: true }), { once: true });
  location.hash = name;
}

/** Shows what the address names, now and whenever that changes. */
export function setUpSections() {
  const show = setUpTabs(byId("sections"), (name) => {
    if (name === shown) return;
    shown = name;
    if (location.hash !== `#${name}`) location.hash = name;
    for (const listener of listeners) listener(name);
  });
  const showAddressed = () => {
    const name = location.hash.slice(1) || names[0];
    if (names.includes(name) && name !== shown) show(name);
  };
  addEventListener("hashchange", showAddressed);
  showAddressed();
  // As an address of its own it would take the tab's place there.
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
}
