// What is drawn of people: the checkboxes and choices of a fieldset, remembered.
import { recall, remember } from "./memory.js";

/** For joints and bones on a picture and in 3D. */
export const usualShows = { joints: true, bones: true, labels: false, angles: false, guessed: "hollow" };

/**
 * Wires the fieldset's controls, by their names; `key` is what they are remembered under. Returns their values, which stay
 * up to date; `onChange` is called after each change.
 */
export function setUpShows(fieldset, { key, defaults = usualShows, onChange }) {
  const shows = { ...defaults, ...recall(key) };
  for (const control of fieldset.querySelectorAll("input, select")) {
    const property = control.type === "checkbox" ? "checked" : "value";
    control[property] = shows[control.name];
    control.addEventListener("change", () => {
      shows[control.name] = control[property];
      remember(key, shows);
      onChange();
    });
  }
  return shows;
}
