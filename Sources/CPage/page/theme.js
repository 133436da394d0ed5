// Light or dark: as the system has it, until the button says otherwise.
import { byId } from "./dom.js";
import { recall, remember } from "./memory.js";

const root = document.documentElement;

export function setUpTheme() {
  const chosen = recall("theme");
  if (chosen) root.dataset.theme = chosen;
  byId("theme").addEventListener("click", () => {
    const systems = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.theme ?? systems) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    remember("theme", next);
  });
}
