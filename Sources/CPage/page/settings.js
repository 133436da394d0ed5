// The settings dialog. Only what the reader changed is sent, so that the server's own defaults hold for the rest.
import { byId } from "./dom.js";
import { recall, remember } from "./memory.js";

/** What the dialog shows for settings nobody touched: the documented defaults. */
const defaults = { complexity: "auto", maxPeople: "5", minDetectionConfidence: "0.5", minTrackingConfidence: "0.5" };

let changed = cleaned(recall("settings"));
const dialog = byId("settings");
const form = dialog.querySelector("form");

/** Settings as the query of a request. */
export const poseQuery = () => ({ ...changed });

/** Wires the dialog; `onChange` is called after the settings have changed. */
export function setUpSettings(onChange) {
  const touched = new Set();
  byId("open-settings").addEventListener("click", () => {
    touched.clear();
    fill({ ...defaults, ...changed });
    dialog.showModal();
  });
  form.addEventListener("input", ({ target }) => {
    touched.add(target.name);
    writeOutputs();
  });
  byId("reset").addEventListener("click", () => {
    change({});
    dialog.close();
  });
  form.addEventListener("submit", () => {
    const next = { ...changed };
    for (const name of touched) next[name] = form.elements[name].value;
    change(next);
  });
  // A click on the backdrop is one on the dialog itself.
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());

  function change(next) {
    const before = JSON.stringify(changed);
    changed = cleaned(next);
    remember("settings", changed);
    if (JSON.stringify(changed) !== before) onChange();
  }
}

/** The known settings that say something, in a fixed order. */
function cleaned(settings) {
  const entries = Object.keys(defaults).map((name) => [name, settings?.[name]]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === "string" && value !== "" && value !== "auto"));
}

function fill(values) {
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  writeOutputs();
}

function writeOutputs() {
  for (const output of form.querySelectorAll("output")) {
    output.value = Number(byId(output.htmlFor.value).value).toFixed(2);
  }
}
