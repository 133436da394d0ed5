// Regions: rectangles of the photo that people are looked for in, drawn on it or given by numbers, in its upright pixels.
import { RegionBoxes } from "./boxes.js";
import { byId, element } from "./dom.js";
import { fitted } from "./geometry.js";
import { say } from "./language.js";

/** The service takes no more. */
const mostRegions = 16;
const sides = ["x", "y", "width", "height"];

/** The query that has people looked for in these regions only; none for no regions. */
export const regionQuery = (regions) =>
  regions.length ? { region: regions.map((region) => sides.map((side) => region[side]).join(",")) } : {};

/** Lists regions in numbers beside their boxes on the photo, and changes them. */
export class RegionTool {
  #boxes;
  #regions = [];
  #size;
  #shown;
  #onChange;

  /** `onChange` gets the photo's new regions, `announce` a sentence for screen readers; `onArm` is called when the photo must be seen. */
  constructor({ onChange, onArm, announce }) {
    this.#onChange = onChange;
    this.#boxes = new RegionBoxes({ onChange, announce });
    byId("draw-region").addEventListener("click", () => {
      onArm();
      this.#arm(!this.#boxes.isArmed);
    });
    byId("add-region").addEventListener("click", () => {
      const { width, height } = this.#size;
      const middle = { x: width / 4, y: height / 4, width: width / 2, height: height / 2 };
      onChange([...this.#regions, fitted(middle, this.#size)]);
      byId("region-list").lastElementChild.querySelector("input").focus();
    });
    document.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      this.#arm(false);
      this.#boxes.cancel();
    });
  }

  /** Whether the pointer is about regions and not about joints. */
  get isBusy() {
    return this.#boxes.isBusy;
  }

  /** The photo's regions and size. */
  show(regions, size) {
    const shown = JSON.stringify([say("tag"), regions, size]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    [this.#regions, this.#size] = [regions, size];
    this.#arm(false);
    this.#boxes.show(regions, size);
    this.#list();
    byId("region-hint").hidden = !regions.length;
    byId("draw-region").disabled = byId("add-region").disabled = regions.length >= mostRegions;
  }

  #arm(isArmed) {
    byId("picture").classList.toggle("drawing", isArmed);
    byId("draw-region").ariaPressed = String(isArmed);
    byId("draw-hint").hidden = !isArmed;
    if (isArmed) byId("picture").scrollIntoView({ block: "nearest" });
  }

  #list() {
    const list = byId("region-list");
    const controls = () => [...list.querySelectorAll("input, button")];
    const focused = controls().indexOf(document.activeElement);
    list.replaceChildren(...this.#regions.map((region, place) => this.#row(region, place)));
    if (focused >= 0) (controls()[focused] ?? byId("draw-region")).focus();
  }

  #row(region, place) {
    const change = (...changed) => this.#onChange(this.#regions.toSpliced(place, 1, ...changed));
    const fields = sides.map((side) => {
      const input = element("input", { type: "number", min: 0, step: 1, value: region[side] });
      input.addEventListener("change", () => {
        const asked = input.value === "" ? region : { ...region, [side]: input.valueAsNumber };
        const next = fitted(asked, this.#size);
        input.value = next[side];
        change(next);
      });
      return element("label", {}, element("span", { textContent: say(side) }), input);
    });
    const remove = element("button", {
      type: "button", className: "quiet icon", textContent: "×", ariaLabel: say("removeRegion", place + 1), onclick: () => change(),
    });
    return element("li", {}, element("fieldset", {},
      element("legend", { className: "hidden-text", textContent: say("region", place + 1) }), ...fields, remove));
  }
}
