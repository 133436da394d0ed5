// The small card beside a joint.
import { byId, element } from "./dom.js";
import { within } from "./geometry.js";

const margin = 16;

/** Shows the card near a point of the window: a title and pairs of name and value. */
export function showTip(x, y, title, rows) {
  const tip = byId("tip");
  const list = element("dl");
  for (const [name, value] of rows) {
    list.append(element("dt", { textContent: name }), element("dd", { textContent: value }));
  }
  tip.replaceChildren(element("strong", { textContent: title }), list);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = x + margin + width > innerWidth ? x - margin - width : x + margin;
  const top = within(8, y - height / 2, innerHeight - height - 8);
  tip.style.transform = `translate(${Math.round(Math.max(left, 8))}px, ${Math.round(top)}px)`;
}

export function hideTip() {
  byId("tip").hidden = true;
}
