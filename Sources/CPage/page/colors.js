// The colours of people by their ids: those of the clips that the service draws (Sources/PoseRendering/PersonColors).

const palette = [
  [255, 150, 0], [180, 0, 255], [80, 210, 255], [230, 40, 120], [180, 255, 150], [180, 120, 210],
  [0, 210, 150], [230, 80, 0], [120, 255, 255], [255, 210, 0], [150, 230, 180], [210, 0, 180],
];

const css = (parts) => `rgb(${parts.join(" ")})`;

/** Somebody without an id, as in a photo. */
const plain = { joint: "#f00", bone: "#fff", ink: "#000" };

/** The CSS colours of somebody's joints and bones, and of words on the bones' colour; those of a photo without an id. */
export function colorsOf(id) {
  if (id === undefined) return plain;
  const color = palette[(id - 1) % palette.length];
  // Two thirds of the way to white.
  const lighter = color.map((part) => Math.floor((part + 2 * 255) / 3));
  // Black or white, whichever reads better: by relative luminance, with a gamma of 2.
  const [red, green, blue] = color.map((part) => (part / 255) ** 2);
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return { joint: css(lighter), bone: css(color), ink: luminance > 0.179 ? "#000" : "#fff" };
}
