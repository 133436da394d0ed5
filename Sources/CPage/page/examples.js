// Poses of the reader's own: recorded from the camera, kept in this browser, told from each other while the camera runs.
import { byId, element, save } from "./dom.js";
import { say } from "./language.js";
import { recall, remember } from "./memory.js";
import { announce } from "./notices.js";
import { embedding, pointsOf, PostureClassifier, PostureVotes, postureTable, readPostureTable } from "./postures.js";

/** Seconds to step back; examples of a recording, seconds between two, and after which it ends with what there is. */
const [countdown, wanted, spacing, patience] = [3, 24, 0.1, 12];
/** So many are kept: a browser keeps some megabytes. */
const most = 2000;

/** The panel: `onRecord` is called before a recording, so that the picture can be shown. */
export class Examples {
  #samples = kept();
  #classifier = new PostureClassifier(this.#samples);
  #votes = new PostureVotes();
  #person;
  /** While one is recorded: `{ label, clip, from, count, last }`, times in milliseconds and in the camera's seconds. */
  #recording;
  #ticking;
  #isOn = false;
  #shown = "";

  constructor({ onRecord }) {
    byId("examples-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#recording) return this.#end();
      onRecord();
      this.#begin();
    });
    byId("examples-save").addEventListener("click", () => save(new Blob([postureTable(this.#samples)], { type: "text/csv" }), "poses.csv"));
    byId("examples-load").addEventListener("click", () => byId("examples-file").click());
    byId("examples-file").addEventListener("change", async ({ target }) => {
      const [file] = target.files;
      if (file) this.#load(await file.text());
      target.value = "";
    });
    byId("examples-name").addEventListener("input", () => this.#say(""));
  }

  /** The camera was switched on or off. */
  set isOn(isOn) {
    this.#isOn = isOn;
    if (!isOn) {
      this.#stop();
      this.#forgetPerson();
    }
    this.write();
  }

  /** A result's person, or nobody, in a picture of that size at a time in seconds. */
  note(person, size, time) {
    if (person?.id !== this.#person) this.#forgetPerson(person?.id);
    const points = person && pointsOf(person, size);
    if (this.#recording && performance.now() >= this.#recording.from) this.#record(points, time);
    if (!person || !this.#samples.length) return this.#tell();
    const values = points && embedding(points);
    this.#votes.add(values && this.#classifier.classify(values), time);
    this.#tell();
  }

  /** All words anew. */
  write() {
    byId("examples-record").textContent = say(this.#recording ? "examplesStop" : "examplesRecord");
    byId("examples-record").disabled = !this.#isOn;
    byId("examples-save").disabled = !this.#samples.length;
    const counts = new Map();
    for (const { label } of this.#samples) counts.set(label, (counts.get(label) ?? 0) + 1);
    byId("examples-list").replaceChildren(...[...counts].map(([label, count]) => this.#row(label, count)));
    byId("examples-names").replaceChildren(...[...counts.keys()].map((value) => element("option", { value })));
    this.#tell();
  }

  #row(label, count) {
    const remove = element("button", { type: "button", className: "quiet", textContent: say("examplesDelete"), ariaLabel: say("examplesDeleteOf", label) });
    remove.addEventListener("click", () => {
      this.#keep(this.#samples.filter((sample) => sample.label !== label));
      this.#say(say("examplesDeleted", label));
      byId("examples-name").focus();
    });
    return element("li", {}, element("strong", { textContent: label }), element("small", { textContent: say("examplesCount", count) }), remove);
  }

  // Recording.

  #begin() {
    // A comma ends a cell of the table.
    const label = byId("examples-name").value.replaceAll(",", " ").trim();
    if (!label) return byId("examples-name").focus();
    if (this.#samples.length >= most) return this.#say(say("examplesFull", most));
    const from = performance.now() + countdown * 1000;
    this.#recording = { label, clip: `${label}-${Date.now().toString(36)}`, from, count: 0, last: -Infinity };
    announce(say("examplesReady", label, countdown));
    this.#say("");
    this.#ticking = setInterval(() => this.#tick(), 100);
    this.#tick();
    this.write();
  }

  /** The number over the picture; who is out of sight for long ends it. */
  #tick() {
    const passed = (performance.now() - this.#recording.from) / 1000;
    byId("examples-countdown").hidden = false;
    byId("examples-countdown").textContent = passed < 0 ? Math.ceil(-passed) : `${this.#recording.count}/${wanted}`;
    if (passed > patience) this.#end();
  }

  #record(points, time) {
    const recording = this.#recording;
    if (!points || time - recording.last < spacing) return;
    recording.last = time;
    const rounded = points.map((point) => point.map((value) => Math.round(value * 100) / 100));
    this.#samples.push({ name: `${recording.clip}__${(recording.count += 1)}`, label: recording.label, points: rounded });
    if (recording.count === wanted || this.#samples.length === most) this.#end();
  }

  /** Keeps what was recorded. */
  #end() {
    const { label, count } = this.#recording;
    this.#stop();
    this.#say(count ? say("examplesRecorded", label, count) : say("examplesNobody"));
    announce(byId("examples-said").textContent);
  }

  #stop() {
    clearInterval(this.#ticking);
    const wasRecording = Boolean(this.#recording);
    this.#recording = undefined;
    byId("examples-countdown").hidden = true;
    if (wasRecording) this.#keep(this.#samples);
  }

  #load(text) {
    try {
      const read = readPostureTable(text);
      if (this.#samples.length + read.length > most) return this.#say(say("examplesFull", most));
      this.#keep([...this.#samples, ...read]);
      this.#say(say("examplesLoaded", read.length));
    } catch (line) {
      if (typeof line !== "number") throw line;
      this.#say(say("examplesDamaged", line));
    }
  }

  #keep(samples) {
    this.#samples = samples;
    remember("poses", postureTable(samples));
    this.#classifier = new PostureClassifier(samples);
    this.#votes = new PostureVotes();
    this.write();
  }

  // What is seen.

  #forgetPerson(id) {
    this.#person = id;
    this.#votes = new PostureVotes();
  }

  #tell() {
    const { label, confidence } = this.#votes;
    const isShown = this.#isOn && this.#samples.length > 0;
    byId("examples-now").hidden = byId("camera-pose").hidden = !isShown || !label;
    byId("examples-none").hidden = !isShown || Boolean(label);
    if (!label) return void (this.#shown = "");
    const percent = `${Math.round(confidence * 100)} %`;
    const words = `${label} ${percent}`;
    if (words === this.#shown) return;
    this.#shown = words;
    // A screen reader hears of another pose, not of each percent.
    if (byId("examples-label").textContent !== label) byId("examples-label").textContent = label;
    byId("examples-confidence").textContent = percent;
    byId("camera-pose").textContent = words;
  }

  #say(words) {
    byId("examples-said").textContent = words;
  }
}

/** What this browser keeps; a table that is damaged is none. */
function kept() {
  try {
    return readPostureTable(recall("poses") ?? "");
  } catch {
    return [];
  }
}
