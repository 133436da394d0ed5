// Lists in words: the photos of the strip, the people of a photo, the landmarks of a person.
import { colorsOf } from "./colors.js";
import { byId, element } from "./dom.js";
import { evidence, landmarkTitle, say } from "./language.js";
import { angleRows } from "./movement.js";
import { isSeen } from "./skeleton.js";

/** What the strip shows: writing it anew at every step of an upload would take the button from under a click. */
let stripShown;
/** The photo that the strip was scrolled to. */
let centred;

/** The strip of photos; `onChoose` gets the photo. */
export function writeStrip(photos, chosen, onChoose) {
  const shown = JSON.stringify([say("tag"), photos.map((photo) => [photo.url, photo.shownURL, badgeOf(photo), photo === chosen])]);
  if (shown === stripShown) return;
  stripShown = shown;
  const items = photos.map((photo) => {
    const { badge, words, isBad } = badgeOf(photo);
    const button = element(
      "button",
      {
        type: "button",
        title: photo.name,
        attributes: { "aria-current": String(photo === chosen), "aria-label": `${photo.name}, ${words}` },
        onclick: () => onChoose(photo),
      },
      thumbnail(photo),
      element("span", { className: isBad ? "badge bad" : "badge", textContent: badge, ariaHidden: "true" }),
    );
    return element("li", {}, button);
  });
  const strip = byId("strip");
  replaceKeepingFocus(strip, items);
  const current = items[photos.indexOf(chosen)];
  // scrollIntoView would scroll the page too.
  if (current && chosen !== centred) strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;
  centred = chosen;
}

/** A picture the browser can't show itself leaves the badge alone. */
function thumbnail(photo) {
  const src = photo.shownURL ?? photo.url;
  if (!src) return "";
  return element("img", { src, alt: "", onerror: ({ target }) => (target.hidden = true) });
}

function badgeOf({ state, result, problem }) {
  if (state === "failed") return { badge: "!", words: problem.title, isBad: true };
  if (state === "done") return { badge: result.people.length, words: say("peopleFound", result.people.length) };
  return { badge: "…", words: say(state === "waiting" ? "waiting" : "computing") };
}

const sureness = (person) => say("confidence", percent(person.confidence ?? person.presence));

/**
 * The people of a picture or clip in a list, by their ids, in whose colours their numbers are, or, without, their places; `chosen` is a
 * place, which `onChoose` gets too. `remark` says something about each.
 */
export function writePeople(list, people, chosen, onChoose, { remark = sureness } = {}) {
  const items = people.map((person, index) =>
    element("li", {},
      element(
        "button",
        { type: "button", ariaPressed: String(index === chosen), onclick: () => onChoose(index) },
        number(person, index),
        element("span", { textContent: say("person", numberOf(person, index)) }),
        element("small", { textContent: remark(person) }),
      )));
  replaceKeepingFocus(list, items);
}

const numberOf = ({ id }, place) => id ?? place + 1;

function number(person, place) {
  const made = element("span", { className: "number", textContent: numberOf(person, place), ariaHidden: "true" });
  if (person.id !== undefined) {
    const { bone, ink } = colorsOf(person.id);
    Object.assign(made.style, { background: bone, color: ink });
  }
  return made;
}

/** The table of the landmarks of the person at that place, empty without one; `onChoose` gets a joint. */
export function writeTable(table, result, person, joint, onChoose) {
  const focused = [...table.querySelectorAll("button")].indexOf(document.activeElement);
  table.replaceChildren();
  const one = result?.people[person];
  if (!one) return;
  const { width, height } = result.image;
  const heads = ["x px", "y px", "z px", say("visibility"), say("evidence"), "X m", "Y m", "Z m"];
  const rows = one.landmarks.map((landmark, index) => {
    const world = one.worldLandmarks[index];
    const cells = [
      (landmark.x * width).toFixed(1), (landmark.y * height).toFixed(1), (landmark.z * width).toFixed(1),
      percent(landmark.visibility), evidence(landmark), world.x.toFixed(3), world.y.toFixed(3), world.z.toFixed(3),
    ];
    const name = element("button", {
      type: "button",
      textContent: landmarkTitle(landmark.name),
      ariaPressed: String(index === joint),
      onclick: () => onChoose(index),
    });
    const className = [!isSeen(landmark) && "guessed", index === joint && "chosen"].filter(Boolean).join(" ");
    return element("tr", { className },
      element("th", { scope: "row" }, name),
      ...cells.map((textContent) => element("td", { textContent })));
  });
  table.append(
    element("caption", { textContent: say("tableCaption", numberOf(one, person)) }),
    element("thead", {},
      element("tr", {}, ...[say("landmark"), ...heads].map((textContent) => element("th", { scope: "col", textContent })))),
    element("tbody", {}, ...rows),
  );
  table.querySelectorAll("button")[focused]?.focus();
}

/** The table of a person's angles, empty without the person; `number` is the person's. */
export function writeAngles(table, person, number) {
  table.replaceChildren();
  if (!person) return;
  const caption = element("caption", { textContent: say(person.angles ? "anglesCaption" : "anglesMissing", number) });
  if (!person.angles) return table.append(caption);
  const rows = angleRows(person).map(([name, ...cells]) =>
    element("tr", {},
      element("th", { scope: "row", textContent: name }),
      ...cells.map((textContent) => element("td", { textContent, className: textContent.endsWith("°") ? "" : "missing" }))));
  const heads = ["angle", "anglePicture", "angleSpace"].map((key) => element("th", { scope: "col", textContent: say(key) }));
  table.append(caption, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
}

export const percent = (part) => `${Math.round(part * 100)} %`;

/** New items for a list whose focused button, by its place, stays focused. */
function replaceKeepingFocus(list, items) {
  const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
  list.replaceChildren(...items);
  items[focused]?.querySelector("button").focus();
}
