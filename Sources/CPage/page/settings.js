// The settings dialog. Only what the reader changed is sent, so that the server's own defaults hold for the rest.
import { byId } from "./dom.js";
import { recall, remember } from "./memory.js";
import { serverDefaults } from "./service.js";

/** The value of a setting that is left to the server. */
const serversChoice = "server";
/** What holds for settings nobody touched: as documented, until the server has told its own. */
const defaults = {
  complexity: serversChoice, search: "auto", maxPeople: "20", minDetectionConfidence: "0.5", minTrackingConfidence: "0.5",
};
const names = Object.keys(defaults);

let changed = cleaned(recall("settings") ?? {});
const listeners = [];
const dialog = byId("settings");
const form = dialog.querySelector("form");

/** Settings as the query of a request. */
export const poseQuery = () => ({ ...changed });

/** Changes these settings, for buttons elsewhere that offer it. */
export function changeSettings(some) {
  replace({ ...changed, ...some });
}

/** Calls `listener` after each change of the settings. */
export function whenSettingsChange(listener) {
  listeners.push(listener);
}

/** Wires the dialog; `onChange` is called after the settings have changed. */
export function setUpSettings(onChange) {
  whenSettingsChange(onChange);
  const touched = new Set();
  byId("open-settings").addEventListener("click", async () => {
    touched.clear();
    fill({ ...defaults, ...changed });
    dialog.showModal();
    await learnDefaults();
    const untouched = names.filter((name) => !touched.has(name));
    fill(Object.fromEntries(untouched.map((name) => [name, changed[name] ?? defaults[name]])));
  });
  learnDefaults();
  form.addEventListener("input", ({ target }) => {
    touched.add(target.name);
    writeRest();
  });
  byId("reset").addEventListener("click", () => {
    replace({});
    dialog.close();
  });
  form.addEventListener("submit", () => {
    changeSettings(Object.fromEntries([...touched].map((name) => [name, form.elements[name].value])));
  });
  // A click on the backdrop is one on the dialog itself.
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
}

async function learnDefaults() {
  const told = await serverDefaults().catch(() => ({}));
  // The model stays "automatic": with --adaptive the server chooses anew for each request.
  for (const name of names) if (name in told && name !== "complexity") defaults[name] = told[name];
}

function replace(next) {
  const before = JSON.stringify(changed);
  changed = cleaned(next);
  remember("settings", changed);
  if (JSON.stringify(changed) === before) return;
  for (const listener of listeners) listener();
}

/** The known settings that say something, in a fixed order. */
function cleaned(settings) {
  const entries = names.map((name) => [name, settings[name]]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === "string" && !["", serversChoice].includes(value)));
}

function fill(values) {
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  writeRest();
}

/** What follows from the values: the sliders' numbers, and whether those count at all. */
function writeRest() {
  byId("minima").disabled = form.elements.search.value !== "quick";
  for (const output of form.querySelectorAll("output")) {
    output.value = Number(byId(output.htmlFor.value).value).toFixed(2);
  }
}
