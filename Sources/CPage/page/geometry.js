// Rectangles: `{ x, y, width, height }`, x to the right and y down.

/** The value, or the bound that it is beyond. */
export const within = (least, value, most) => Math.min(Math.max(value, least), most);

export function overlaps(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** The rectangle in whole pixels, at least one, inside a picture of that size. */
export function fitted(rectangle, size) {
  const x = within(0, Math.round(rectangle.x), size.width - 1);
  const y = within(0, Math.round(rectangle.y), size.height - 1);
  return {
    x, y,
    width: within(1, Math.round(rectangle.width), size.width - x),
    height: within(1, Math.round(rectangle.height), size.height - y),
  };
}

/** The rectangle moved, as far as the picture goes. */
export function moved({ x, y, width, height }, dx, dy, size) {
  return { x: within(0, x + dx, size.width - width), y: within(0, y + dy, size.height - height), width, height };
}

/** The rectangle with one corner moved, past the others if need be: upper left is 0, upper right 1, lower left 2, lower right 3. */
export function resized({ x, y, width, height }, corner, dx, dy, size) {
  const [xs, ys] = [[x, x + width], [y, y + height]];
  xs[corner % 2] = within(0, xs[corner % 2] + dx, size.width);
  ys[corner >> 1] = within(0, ys[corner >> 1] + dy, size.height);
  return { x: Math.min(...xs), y: Math.min(...ys), width: Math.abs(xs[1] - xs[0]), height: Math.abs(ys[1] - ys[0]) };
}
