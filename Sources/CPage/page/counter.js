// Repetitions as a number that can be read from across the room.
import { exerciseTitle, say } from "./language.js";

/** Writes into its element, which screen readers listen to, so only what is new. */
export class Counter {
  #element;
  #number;
  #name;
  #hint;

  constructor(element) {
    this.#element = element;
    [this.#number, this.#name, this.#hint] = element.children;
  }

  /**
   * `asked` is the exercise that was asked for, empty for none; `reps` what the service says of the person, if anything; `isGuessed`
   * whether the last repetition was judged from joints that were not seen.
   */
  show({ asked, reps, isGuessed }) {
    this.#element.hidden = !asked;
    if (!asked) return;
    const exercise = reps?.exercise ?? (asked === "auto" ? undefined : asked);
    set(this.#number, exercise ? String(reps?.count ?? 0) : "–");
    set(this.#name, exercise ? exerciseTitle(exercise) : say("exerciseUnknown"));
    set(this.#hint, isGuessed ? say("repsGuessed") : "");
    this.#element.classList.toggle("working", Boolean(reps?.working));
  }
}

function set(target, words) {
  if (target.textContent !== words) target.textContent = words;
}

/** Remembers of each person, by id, what was counted last and whether it was judged from seen joints. */
export class Counts {
  #people = new Map();

  note({ id, reps }) {
    if (!reps) return;
    const isGuessed = reps.completed?.length ? !reps.completed.at(-1).judgedFromSeen : (this.#people.get(id)?.isGuessed ?? false);
    this.#people.set(id, { reps, isGuessed });
  }

  of(id) {
    return this.#people.get(id) ?? {};
  }

  forget() {
    this.#people.clear();
  }
}
