// Sentences for the reader, whatever tab is shown.
import { byId } from "./dom.js";

/** A sentence above the content; an empty one takes it away. */
export function notify(sentence) {
  byId("notice").hidden = !sentence;
  byId("notice").textContent = sentence;
}

/** A failure as `describe` (service.js) tells it. */
export const notifyOf = ({ title, advice }) => notify(`${title}. ${advice}`);

/** A sentence for screen readers only. */
export function announce(sentence) {
  byId("status").textContent = sentence;
}
