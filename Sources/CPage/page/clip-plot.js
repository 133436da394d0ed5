// Which curves the time line shows: the choices under it, remembered.
import { byId, element } from "./dom.js";
import { angleTitle, landmarkTitle, say } from "./language.js";
import { recall, remember } from "./memory.js";
import { angleNames } from "./movement.js";
import { landmarkNames } from "./skeleton.js";
import { isAngle } from "./timeline-plot.js";

const fields = ["first", "second", "third"];
const usual = {
  quantity: "speed", first: "leftWrist", second: "rightWrist", third: "", firstAngle: "leftKnee", secondAngle: "rightKnee", thirdAngle: "",
};

export class PlotChoices {
  #choices = { ...usual, ...recall("plot") };

  constructor(onChange) {
    byId("plot").addEventListener("change", ({ target }) => {
      this.#choices[this.#keyOf(target.name)] = target.value;
      remember("plot", this.#choices);
      if (target.name === "quantity") this.write();
      onChange();
    });
  }

  get quantity() {
    return this.#choices.quantity;
  }

  get isOfAngles() {
    return isAngle(this.quantity);
  }

  /** The landmarks or angles that were chosen, as places in their lists. */
  get places() {
    return fields.map((field) => this.#names.indexOf(this.#choices[this.#keyOf(field)])).filter((place) => place >= 0);
  }

  /** The landmarks' or angles' names, in the language of now. */
  write() {
    const title = this.isOfAngles ? angleTitle : landmarkTitle;
    const option = (value, textContent) => element("option", { value, textContent });
    for (const select of byId("plot").querySelectorAll("select")) {
      if (select.name !== "quantity") {
        const none = select.name === "first" ? [] : [option("", say("none"))];
        select.replaceChildren(...none, ...this.#names.map((name) => option(name, title(name))));
      }
      select.value = this.#choices[this.#keyOf(select.name)];
    }
  }

  get #names() {
    return this.isOfAngles ? angleNames : landmarkNames;
  }

  /** What the choice of a field is remembered as. */
  #keyOf(field) {
    return field !== "quantity" && this.isOfAngles ? `${field}Angle` : field;
  }
}
