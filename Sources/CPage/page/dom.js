// Shorthands for the document.

/** The element of that id, which index.html has. */
export const byId = (id) => document.getElementById(id);

/** A new element: properties, `aria…` and `data…` among `attributes`, then its children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  const { attributes = {}, ...rest } = properties;
  Object.assign(made, rest);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A new SVG element with these attributes. */
export function svg(tag, attributes = {}, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Has the browser save what is at this address under that name. */
export function saveFrom(url, name) {
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** Has the browser save `blob` under that name. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  saveFrom(url, name);
  // The browser reads the URL after the click has returned; a minute is plenty.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
