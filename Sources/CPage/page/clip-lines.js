// JSON Lines, read while they come.

/** What a line says: `header`, `result`, `end` or `error`, by what is in it; undefined for what is none of them. */
export function readLine(line) {
  let value;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (value?.stance) return { kind: "header", value };
  if (value?.error) return { kind: "error", value: value.error };
  if (value && "end" in value) return { kind: "end", value: value.end };
  return Array.isArray(value?.people) && value.image?.width > 0 ? { kind: "result", value } : undefined;
}

/** Cuts text that comes in pieces into lines. */
export class LineSplitter {
  #rest = "";

  /** The lines that this piece makes whole. */
  add(piece) {
    const lines = piece.split("\n");
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop();
    return lines.filter((line) => line !== "");
  }
}
