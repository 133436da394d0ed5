// Tabs, by the ARIA pattern: arrow keys go from tab to tab, Home and End to the first and the last.
import { byId } from "./dom.js";

/**
 * Wires the tabs of a tablist, each with the id `tab-NAME`; returns a function that shows one by name. `onChange` gets the name
 * after each change.
 */
export function setUpTabs(list, onChange) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const nameOf = (tab) => tab.id.replace("tab-", "");
  const show = (name) => {
    for (const tab of tabs) {
      const isShown = nameOf(tab) === name;
      tab.ariaSelected = String(isShown);
      tab.tabIndex = isShown ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isShown;
    }
    onChange(name);
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => show(nameOf(tab)));
    tab.addEventListener("keydown", (event) => {
      const there = tabs.filter(({ hidden }) => !hidden);
      const place = there.indexOf(tab);
      const target = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      const next = there.at(target % there.length);
      show(nameOf(next));
      next.focus();
    });
  }
  return show;
}
