// Files that are dropped anywhere on the page, or pasted: they go to the tab that is shown.
import { byId } from "./dom.js";
import { say } from "./language.js";
import { notify } from "./notices.js";
import { section } from "./sections.js";

const takers = {};

/** `onFiles` gets an array of files while that tab is shown; `words` and `none` are keys: what to drop, and that there was none. */
export function takeFilesIn(name, { onFiles, words, none }) {
  takers[name] = { onFiles, words, none };
}

export function setUpDrop() {
  document.addEventListener("paste", ({ clipboardData }) => {
    const isTyping = ["INPUT", "TEXTAREA"].includes(document.activeElement?.tagName);
    const files = [...(clipboardData?.files ?? [])];
    if (files.length || !isTyping) give(files);
  });
  const veil = byId("drop");
  // Entering a child comes before leaving its parent: the veil goes when as many were left as entered.
  let depth = 0;
  const close = () => {
    depth = 0;
    veil.hidden = true;
  };
  document.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    const taker = takers[section()];
    veil.hidden = !taker;
    if (taker) veil.firstElementChild.textContent = say(taker.words);
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) close();
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    close();
    give([...event.dataTransfer.files]);
  });
}

function give(files) {
  const taker = takers[section()];
  if (!taker) return;
  if (files.length) taker.onFiles(files);
  else notify(say(taker.none));
}
