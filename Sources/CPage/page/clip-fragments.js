// How far an MP4 in fragments is, read from its bytes while they come (ISO/IEC 14496-12): the time at which its last fragment begins.

/** Boxes that hold others on the way to what is looked for. */
const containers = new Set(["moov", "trak", "mdia", "moof", "traf"]);

/** Takes the bytes of an MP4 in pieces; `time` is in seconds. */
export class FragmentClock {
  time = 0;
  /** Bytes of a head or box that isn't whole yet, and how many to leave out before the next one. */
  #rest = new Uint8Array(0);
  #skipped = 0;
  #scales = new Map();
  #track;

  add(bytes) {
    let from = Math.min(this.#skipped, bytes.length);
    this.#skipped -= from;
    const left = bytes.subarray(from);
    if (!left.length) return;
    const all = new Uint8Array(this.#rest.length + left.length);
    all.set(this.#rest);
    all.set(left, this.#rest.length);
    from = this.#readAll(all);
    this.#skipped = Math.max(from - all.length, 0);
    this.#rest = all.slice(from);
  }

  /** Reads whole boxes one after another; returns where the next one begins, perhaps beyond the end. */
  #readAll(bytes) {
    let at = 0;
    while (at + 16 <= bytes.length) {
      const box = boxAt(bytes, at);
      if (!box) return Infinity;
      const isWanted = box.type === "moov" || box.type === "moof";
      if (isWanted && at + box.size > bytes.length) return at;
      if (isWanted) this.#read(bytes.subarray(at, at + box.size));
      at += box.size;
    }
    return at;
  }

  #read(bytes) {
    for (let at = 0; at + 8 <= bytes.length;) {
      const box = boxAt(bytes, at);
      if (!box) return;
      const body = bytes.subarray(at + box.head, at + box.size);
      if (containers.has(box.type)) this.#read(body);
      else this.#note(box.type, new DataView(body.buffer, body.byteOffset, body.length));
      at += box.size;
    }
  }

  #note(type, view) {
    const isLong = view.byteLength > 0 && view.getUint8(0) === 1;
    if (type === "tkhd") this.#track = view.getUint32(isLong ? 20 : 12);
    else if (type === "mdhd") this.#scales.set(this.#track, view.getUint32(isLong ? 20 : 12));
    else if (type === "tfhd") this.#track = view.getUint32(4);
    else if (type === "tfdt") {
      const ticks = isLong ? Number(view.getBigUint64(4)) : view.getUint32(4);
      this.time = Math.max(this.time, ticks / (this.#scales.get(this.#track) ?? Infinity));
    }
  }
}

/** Undefined for what is no box. */
function boxAt(bytes, at) {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  let [size, head] = [view.getUint32(0), 8];
  if (size === 1 && view.byteLength >= 16) [size, head] = [Number(view.getBigUint64(8)), 16];
  return size >= head ? { type, size, head } : undefined;
}
