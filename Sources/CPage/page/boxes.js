// The regions' boxes on the photo: drawn, moved and resized with mouse, finger and keys.
import { byId, element, svg } from "./dom.js";
import { fitted, moved, resized, within } from "./geometry.js";
import { say } from "./language.js";

/** A drag of fewer CSS pixels is a slip of the hand. */
const leastDrag = 4;
/** So many steps of an arrow key lead along the photo's longer side. */
const steps = 100;
const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const lowerRight = 3;

/** Shows regions over the photo and tells what a drag or the keys made of them. */
export class RegionBoxes {
  #stage = byId("picture");
  #frame = byId("frame");
  #layer = byId("boxes");
  #size;
  /** The photo's regions, and what is drawn: another list while a drag or a key changes it. */
  #regions = [];
  #drawn = [];
  /** Ends the drag that goes on. */
  #dragging;
  #onChange;
  #announce;

  /** `onChange` gets the new regions, `announce` a sentence for screen readers. */
  constructor({ onChange, announce }) {
    [this.#onChange, this.#announce] = [onChange, announce];
    this.#stage.addEventListener("pointerdown", (event) => event.isPrimary && event.button === 0 && this.#press(event));
    this.#layer.addEventListener("keydown", (event) => this.#key(event));
    // A held key is one change.
    this.#layer.addEventListener("keyup", () => this.#settle());
    this.#layer.addEventListener("focusout", () => this.#settle());
  }

  /** Whether the next drag over the photo draws a region. */
  get isArmed() {
    return this.#stage.classList.contains("drawing");
  }

  /** Whether the pointer is about regions and not about joints. */
  get isBusy() {
    return this.isArmed || this.#drawn !== this.#regions;
  }

  /** The photo's regions and size. */
  show(regions, size) {
    this.#dragging?.abort();
    [this.#regions, this.#size] = [regions, size];
    this.#draw(regions);
  }

  /** Ends a drag without a change. */
  cancel() {
    this.#dragging?.abort();
    if (this.#size) this.#draw(this.#regions);
  }

  #press(down) {
    if (this.isArmed) {
      const start = { ...this.#at(down), width: 0, height: 0 };
      this.#drag(down, this.#regions.length, (dx, dy) => resized(start, lowerRight, dx, dy, this.#size));
      return;
    }
    const box = down.target.closest(".region");
    if (!box) return;
    box.focus({ preventScroll: true });
    const place = this.#boxes.indexOf(box);
    const region = this.#regions[place];
    const corner = [...box.children].indexOf(down.target);
    this.#drag(down, place, (dx, dy) =>
      corner < 0 ? moved(region, dx, dy, this.#size) : resized(region, corner, dx, dy, this.#size));
  }

  /** Follows the pointer; `change` gives the region at that place for a way in the photo's pixels. */
  #drag(down, place, change) {
    down.preventDefault();
    this.#stage.setPointerCapture(down.pointerId);
    const from = this.#at(down);
    const isSlip = ({ clientX, clientY }) => {
      const way = [Math.abs(clientX - down.clientX), Math.abs(clientY - down.clientY)];
      // A new region needs two sides; one that is there may go one way.
      return (place < this.#regions.length ? Math.max(...way) : Math.min(...way)) < leastDrag;
    };
    const end = this.#dragging = new AbortController();
    const listen = (name, listener) =>
      this.#stage.addEventListener(name, (event) => event.pointerId === down.pointerId && listener(event), { signal: end.signal });
    listen("pointermove", (move) => {
      const to = this.#at(move);
      const changed = change(to.x - from.x, to.y - from.y);
      const region = fitted(changed, this.#size);
      // A drag beside the photo has no region in it.
      const isEmpty = Math.min(changed.width, changed.height) < 1;
      this.#draw(isEmpty || isSlip(move) ? this.#regions : this.#regions.toSpliced(place, 1, region));
    });
    listen("pointercancel", () => this.cancel());
    listen("pointerup", () => {
      end.abort();
      // The click that follows belongs to the drag too.
      setTimeout(() => this.#settle());
    });
  }

  #key(event) {
    const place = this.#boxes.indexOf(event.target);
    if (event.key === "Delete" || event.key === "Backspace") return this.#remove(place);
    const way = ways[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    // On the stage these keys go from joint to joint.
    event.stopPropagation();
    const step = Math.max(Math.round(Math.max(this.#size.width, this.#size.height) / steps), 1);
    const [dx, dy] = way.map((direction) => direction * step);
    const region = this.#drawn[place];
    const { width, height } = region;
    const changed = event.shiftKey
      ? fitted({ ...region, width: width + dx, height: height + dy }, this.#size)
      : moved(region, dx, dy, this.#size);
    this.#draw(this.#drawn.with(place, changed));
  }

  #remove(place) {
    this.#onChange(this.#drawn.toSpliced(place, 1));
    (this.#boxes[place] ?? this.#boxes.at(-1) ?? byId("draw-region")).focus();
  }

  /** Makes what is drawn the photo's regions. */
  #settle() {
    if (this.#drawn === this.#regions) return;
    const place = this.#drawn.findIndex((region, index) => region !== this.#regions[index]);
    this.#regions = this.#drawn;
    this.#announce(regionWords(this.#regions, place));
    this.#onChange(this.#regions);
  }

  /** The boxes, in the regions' order. */
  get #boxes() {
    return [...this.#layer.children];
  }

  /** Where the pointer is in the photo, or the nearest point of it, in its pixels. */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#frame.getBoundingClientRect();
    return {
      x: within(0, (clientX - left) / width, 1) * this.#size.width,
      y: within(0, (clientY - top) / height, 1) * this.#size.height,
    };
  }

  /** Boxes that are there stay, so that the focus does. */
  #draw(regions) {
    this.#drawn = regions;
    this.#drawVeil(regions);
    for (const box of this.#boxes.slice(regions.length)) box.remove();
    regions.forEach(({ x, y, width, height }, place) => {
      const box = this.#layer.children[place] ?? this.#layer.appendChild(newBox());
      box.ariaLabel = regionWords(regions, place);
      const [across, down] = [this.#size.width, this.#size.height];
      const parts = { left: x / across, top: y / down, width: width / across, height: height / down };
      for (const [side, part] of Object.entries(parts)) box.style[side] = `${part * 100}%`;
    });
  }

  /** Darkens the photo outside the regions. */
  #drawVeil(regions) {
    const veil = byId("veil");
    veil.replaceChildren();
    if (!regions.length) return;
    const { width, height } = this.#size;
    veil.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const rest = svg("mask", { id: "rest" });
    rest.append(svg("rect", { width, height, fill: "#fff" }), ...regions.map((region) => svg("rect", region)));
    veil.append(rest, svg("rect", { width, height, mask: "url(#rest)" }));
  }
}

/** A focusable box with a handle at each corner, in the order of `resized`. */
function newBox() {
  return element("div", { className: "region", tabIndex: 0, attributes: { role: "application", "aria-describedby": "region-hint" } },
    ...Array.from({ length: 4 }, () => element("span", { className: "handle" })));
}

function regionWords(regions, place) {
  const { x, y, width, height } = regions[place];
  return say("regionAt", place + 1, x, y, width, height);
}
