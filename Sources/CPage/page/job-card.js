// One job in the list. What is there is changed in place, so that the focus stays and a hundred jobs are quick.
import { element } from "./dom.js";
import { endingOf, isLines } from "./job-results.js";
import { progressWords, reasonWords, stateWords, timeWords, titleOf } from "./job-words.js";
import { say } from "./language.js";

const hasResult = ({ told, isGone }) => Boolean(told?.result) && !isGone;
/** The service keeps files of dead jobs only; what was handed over elsewhere may be a folder of its own. */
const areFilesGone = ({ state, files, kind }) => !files && kind !== undefined && state !== "dead";
const hasLines = (job) => hasResult(job) && isLines(job);
const fileKinds = { jsonl: "JSON Lines", zip: "ZIP", tar: "tar", mp4: "MP4", csv: "CSV", json: "JSON" };

/** What a job's buttons do, in their order; which of them there are follows from where it stands. */
const buttons = [
  { name: "open", words: () => say("jobOpen"), isShown: hasLines },
  { name: "result", words: (job) => say("jobDownload", fileKinds[endingOf(job)] ?? ""), isShown: hasResult },
  { name: "csv", words: () => say("jobDownload", "CSV"), isShown: hasLines },
  { name: "cancel", words: () => say("cancel"), isShown: (job) => ["queued", "running"].includes(job.state) || (job.sending && (job.sending.progress.sent ?? 0) < 1) },
  { name: "retry", words: () => say("retry"), isShown: (job) => job.isUnfinished && !areFilesGone(job) },
  { name: "choose", words: () => say("jobChooseAgain"), isShown: (job) => job.isUnfinished && areFilesGone(job) },
  { name: "forget", words: () => say("jobForget"), isShown: (job) => !job.isOpen && !["sending", "elsewhere", "unknown"].includes(job.state) },
];

export class JobCard {
  element;
  job;
  #shown;
  #title = element("h3", { tabIndex: -1 });
  #state = element("span", { className: "job-state" });
  #time = element("p", { className: "job-time" });
  #progress = element("p", { className: "job-progress" });
  #bar = element("progress", { max: 1 });
  #reason = element("p", { className: "job-reason" });
  #detail = element("p", { className: "detail", lang: "en" });
  #errors = element("ul");
  #details = element("details", { className: "job-errors" }, element("summary"), this.#errors);
  #buttons;

  /** `onAct` gets the job and the name of a button; `onErrors` gives the items that failed, as pairs of name and problem. */
  constructor(job, { onAct, onErrors }) {
    this.job = job;
    this.#title.id = `job-${job.key}`;
    this.#buttons = buttons.map(({ name }) =>
      element("button", { type: "button", attributes: { "data-act": name, "aria-describedby": this.#title.id }, onclick: () => onAct(job, name) }));
    this.#details.addEventListener("toggle", () => this.#details.open && this.#writeErrors(onErrors));
    this.element = element("li", { className: "job", attributes: { "aria-labelledby": this.#title.id } },
      element("div", { className: "job-head" }, this.#title, this.#state),
      this.#time, this.#bar, this.#progress, this.#reason, this.#detail, this.#details,
      element("div", { className: "actions" }, ...this.#buttons));
    this.write();
  }

  /** Writes what changed. */
  write() {
    const job = this.job;
    const { state, progress, sending, told } = job;
    const shown = {
      title: titleOf(job), state, words: stateWords(job), time: timeWords(job), progress: progressWords(job),
      part: sending ? sending.progress.sent : progress ? progress.done / progress.total : undefined,
      ...reasonWords(job), failed: hasLines(job) && !job.isVideo ? told.progress.failed : 0,
      buttons: buttons.map(({ isShown }) => Boolean(isShown(job))), ending: hasResult(job) && endingOf(job), tag: say("tag"),
    };
    const text = JSON.stringify(shown);
    if (text === this.#shown) return;
    this.#shown = text;
    this.element.dataset.state = state;
    this.#title.textContent = shown.title;
    this.#state.textContent = shown.words;
    this.#time.textContent = shown.time;
    write(this.#progress, shown.progress);
    write(this.#reason, shown.reason);
    write(this.#detail, shown.detail);
    this.#writeBar(shown);
    this.#details.hidden = !(shown.failed > 0);
    this.#details.firstElementChild.textContent = say("jobWhichErrors", shown.failed);
    this.#writeButtons(shown.buttons);
  }

  focus() {
    this.#title.focus();
  }

  #writeBar({ part, state, title }) {
    this.#bar.hidden = !["sending", "running"].includes(state);
    this.#bar.ariaLabel = `${say("progress")}: ${title}`;
    if (part === undefined) this.#bar.removeAttribute("value");
    else this.#bar.value = part;
  }

  #writeButtons(areShown) {
    const focused = this.#buttons.indexOf(document.activeElement);
    this.#buttons.forEach((button, place) => {
      button.hidden = !areShown[place];
      button.textContent = buttons[place].words(this.job);
    });
    if (focused >= 0 && !areShown[focused]) this.focus();
  }

  async #writeErrors(onErrors) {
    const errors = await onErrors(this.job);
    this.#errors.replaceChildren(...errors.map(([name, words]) =>
      element("li", {}, element("strong", { textContent: name }), ` ${words}`)));
  }
}

function write(paragraph, words) {
  paragraph.textContent = words;
  paragraph.hidden = !words;
}
