// Who is in the live picture, as a list that stays under the pointer while pictures go by.
import { colorsOf } from "./colors.js";
import { element } from "./dom.js";
import { say } from "./language.js";
import { percent } from "./lists.js";

/** The rows by id, kept as long as somebody is known. */
export class CameraPeople {
  #list;
  #rows = new Map();
  #onChoose;

  /** `onChoose` gets the id of a person that was chosen, or undefined when the chosen one is let go. */
  constructor(list, onChoose) {
    [this.#list, this.#onChoose] = [list, onChoose];
  }

  /** `people` of a result, the ids of those `lost`, and the one who is chosen; how sure they are is written when `isDue`. */
  write(people, lost, chosen, isDue) {
    const seen = new Map(people.map((person) => [person.id, person]));
    const ids = [...seen.keys(), ...lost].sort((a, b) => a - b);
    for (const [id, { item }] of this.#rows) {
      if (ids.includes(id)) continue;
      item.remove();
      this.#rows.delete(id);
    }
    ids.forEach((id, place) => {
      const isNew = !this.#rows.has(id);
      const row = this.#rows.get(id) ?? this.#add(id);
      if (this.#list.children[place] !== row.item) this.#list.insertBefore(row.item, this.#list.children[place] ?? null);
      const person = seen.get(id);
      const wasLost = row.button.classList.contains("lost");
      row.button.ariaPressed = String(id === chosen);
      row.button.classList.toggle("lost", !person);
      set(row.name, say("person", id));
      if (!person) set(row.word, say("cameraLost"));
      else if (isDue || isNew || wasLost) set(row.word, say("confidence", percent(person.confidence ?? person.presence)));
    });
  }

  #add(id) {
    const { bone, ink } = colorsOf(id);
    const number = element("span", { className: "number", textContent: id, ariaHidden: "true" });
    number.style.setProperty("--person", bone);
    number.style.setProperty("--person-ink", ink);
    const [name, word] = [element("span"), element("small")];
    const button = element("button", { type: "button" }, number, name, word);
    button.addEventListener("click", () => this.#onChoose(button.ariaPressed === "true" ? undefined : id));
    const row = { item: element("li", {}, button), button, name, word };
    this.#rows.set(id, row);
    return row;
  }
}

/** Writes words only when they are others, which a screen reader or a selection would notice. */
function set(target, words) {
  if (target.textContent !== words) target.textContent = words;
}
