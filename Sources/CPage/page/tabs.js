// The three views as tabs, by the ARIA pattern: arrow keys go from tab to tab.
import { byId } from "./dom.js";

const tabs = [...document.querySelectorAll("[role=tab]")];

/** Wires the tabs; returns a function that shows one by name. `onChange` is called after each change. */
export function setUpTabs(onChange) {
  const show = (name) => {
    for (const tab of tabs) {
      const isShown = tab.id === `tab-${name}`;
      tab.ariaSelected = String(isShown);
      tab.tabIndex = isShown ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isShown;
    }
    onChange();
  };
  tabs.forEach((tab, place) => {
    const nameAt = (index) => tabs[(index + tabs.length) % tabs.length].id.replace("tab-", "");
    tab.addEventListener("click", () => show(nameAt(place)));
    tab.addEventListener("keydown", ({ key }) => {
      const target = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 }[key];
      if (target === undefined) return;
      show(nameAt(target));
      byId(`tab-${nameAt(target)}`).focus();
    });
  });
  return show;
}
