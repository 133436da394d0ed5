// The page's words in the reader's language.
import { recall, remember } from "./memory.js";
import { isInFrame, isSeen } from "./skeleton.js";
import { english } from "./words.en.js";
import { chinese } from "./words.zh.js";

const languages = { en: english, zh: chinese };
const listeners = [];
let current = recall("language") ?? preferred();
if (!(current in languages)) current = "en";

/** The first of the browser's languages that the page has. */
function preferred() {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag) => tag in languages) ?? "en";
}

/** A phrase; phrases with numbers or names in them take those. */
export function say(key, ...values) {
  const phrase = languages[current][key];
  return typeof phrase === "function" ? phrase(...values) : phrase;
}

/** A landmark's name for people. */
export const landmarkTitle = (name) => languages[current].names[name] ?? name;

/** An angle's name for people, and an exercise's. */
export const angleTitle = (name) => languages[current].angles[name] ?? name;
export const exerciseTitle = (name) => languages[current].exercises[name] ?? name;

/** Where a job stands; the service may have a word that the page has not. */
export const jobStateTitle = (state) => languages[current].jobStates[state] ?? state;

/** What a landmark rests on, in a word. */
export const evidence = (landmark) => say(isSeen(landmark) ? "seen" : isInFrame(landmark) ? "guessed" : "outside");

/** Title and advice for a problem's code. */
export function problemWords(code) {
  const { problems } = languages[current];
  const [title, advice] = problems[code] ?? problems.other;
  return { title, advice };
}

/** Whether there are words for a problem of that code. */
export const isProblem = (code) => code in languages[current].problems;

/** Calls `listener` now and after each change of language. */
export function whenLanguageIsSet(listener) {
  listeners.push(listener);
  listener();
}

/** Goes over to the other language and remembers it. */
export function switchLanguage() {
  current = current === "en" ? "zh" : "en";
  remember("language", current);
  for (const listener of listeners) listener();
}

/** Writes the words into the elements of index.html that ask for them. */
export function writeStaticWords() {
  document.documentElement.lang = say("tag");
  document.title = say("documentTitle");
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
}
