// Regions: rectangles of the photo that people are looked for in, drawn on it or given by numbers, in its upright pixels.
import { byId, element, svg } from "./dom.js";
import { say } from "./language.js";

/** A drag of fewer CSS pixels to a side is a slip of the hand. */
const leastDrag = 8;
/** The service takes no more. */
const mostRegions = 16;
const sides = ["x", "y", "width", "height"];

/** The query that has people looked for in these regions only; none for no regions. */
export const regionQuery = (regions) =>
  regions.length ? { region: regions.map((region) => sides.map((side) => region[side]).join(",")) } : {};

/** Draws regions over the photo, lists them, and changes them. */
export class RegionTool {
  #stage = byId("picture");
  #frame = byId("frame");
  #drawing = byId("regions");
  #regions = [];
  #size;
  #shown;
  #onChange;

  /** `onChange` gets the photo's new regions; `onArm` is called when the photo must be seen. */
  constructor({ onChange, onArm }) {
    this.#onChange = onChange;
    byId("draw-region").addEventListener("click", () => {
      onArm();
      this.#arm(!this.isArmed);
    });
    byId("add-region").addEventListener("click", () => {
      const { width, height } = this.#size;
      this.#add({ x: width / 4, y: height / 4, width: width / 2, height: height / 2 });
      byId("region-list").lastElementChild.querySelector("input").focus();
    });
    this.#stage.addEventListener("pointerdown", (event) => this.isArmed && event.isPrimary && this.#drag(event));
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#arm(false));
  }

  /** Whether the next drag over the photo draws a region. */
  get isArmed() {
    return this.#stage.classList.contains("drawing");
  }

  /** The photo's regions and size. */
  show(regions, size) {
    const shown = JSON.stringify([say("tag"), regions, size]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    [this.#regions, this.#size] = [regions, size];
    this.#arm(false);
    this.#draw(regions);
    this.#list();
    byId("draw-region").disabled = byId("add-region").disabled = regions.length >= mostRegions;
  }

  #arm(isArmed) {
    this.#stage.classList.toggle("drawing", isArmed);
    byId("draw-region").ariaPressed = String(isArmed);
    byId("draw-hint").hidden = !isArmed;
    if (isArmed) this.#stage.scrollIntoView({ block: "nearest" });
  }

  #drag(down) {
    down.preventDefault();
    this.#stage.setPointerCapture(down.pointerId);
    const end = new AbortController();
    const listen = (name, listener) => this.#stage.addEventListener(name, listener, { signal: end.signal });
    listen("pointermove", (move) => this.#draw([...this.#regions, this.#between(down, move)]));
    listen("pointercancel", () => {
      end.abort();
      this.#draw(this.#regions);
    });
    listen("pointerup", (up) => {
      end.abort();
      const isSlip = Math.min(Math.abs(up.clientX - down.clientX), Math.abs(up.clientY - down.clientY)) < leastDrag;
      if (isSlip) this.#draw(this.#regions);
      // The click that follows belongs to the drag too.
      else setTimeout(() => this.#add(this.#between(down, up)));
    });
  }

  /** The region between two pointer events. */
  #between(one, other) {
    const frame = this.#frame.getBoundingClientRect();
    const [a, b] = [one, other].map(({ clientX, clientY }) => ({
      x: within(0, (clientX - frame.left) / frame.width, 1) * this.#size.width,
      y: within(0, (clientY - frame.top) / frame.height, 1) * this.#size.height,
    }));
    return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
  }

  #add(region) {
    this.#onChange([...this.#regions, this.#fitted(region)]);
  }

  /** Whole pixels, at least one, inside the photo. */
  #fitted(region) {
    const x = within(0, Math.round(region.x), this.#size.width - 1);
    const y = within(0, Math.round(region.y), this.#size.height - 1);
    return {
      x, y,
      width: within(1, Math.round(region.width), this.#size.width - x),
      height: within(1, Math.round(region.height), this.#size.height - y),
    };
  }

  /** The regions' edges, and a veil over the rest of the photo. */
  #draw(regions) {
    this.#drawing.replaceChildren();
    if (!regions.length) return;
    const { width, height } = this.#size;
    this.#drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const rest = svg("mask", { id: "rest" });
    rest.append(svg("rect", { width, height, fill: "#fff" }), ...regions.map((region) => svg("rect", region)));
    this.#drawing.append(
      rest,
      svg("rect", { class: "veil", width, height, mask: "url(#rest)" }),
      ...regions.map((region) => svg("rect", { class: "region", ...region })),
    );
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
        if (input.value === "") input.value = region[side];
        else change(this.#fitted({ ...region, [side]: input.valueAsNumber }));
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

const within = (least, value, most) => Math.min(Math.max(value, least), most);
