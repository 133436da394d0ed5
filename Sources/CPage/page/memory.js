// What the browser remembers of choices; a browser that forbids storage just forgets them.

/** The remembered value, or undefined. */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(`stance.${key}`)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a value that JSON can hold. */
export function remember(key, value) {
  try {
    localStorage.setItem(`stance.${key}`, JSON.stringify(value));
  } catch {
    // Private windows may forbid storage: the choice then holds for this visit.
  }
}
