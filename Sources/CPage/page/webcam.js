// The browser's camera: found, started, stopped. A failure is a Problem whose code has words.
import { Problem } from "./service.js";

/** What getUserMedia says went wrong (W3C, Media Capture and Streams, section 10.2). */
const codes = {
  NotAllowedError: "cameraRefused", SecurityError: "cameraRefused", NotFoundError: "cameraMissing",
  OverconstrainedError: "cameraMissing", NotReadableError: "cameraBusy", AbortError: "cameraBusy",
};

/** The cameras, `{ id, name }`; without names as long as the reader has not allowed one. */
export async function cameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** One camera at a time, shown in a video element. */
export class Webcam {
  #video;
  #onEnd;
  #stream;
  /** Counts starts and stops: whoever waited meanwhile sees that it is no more wanted. */
  #turn = 0;

  /** `onEnd` is called when a camera that runs is unplugged or taken away. */
  constructor(video, { onEnd }) {
    [this.#video, this.#onEnd] = [video, onEnd];
  }

  /** Starts the camera of that id, or the one that shows the reader. Returns false when it was stopped meanwhile. */
  async start(id) {
    this.stop();
    const turn = this.#turn;
    const stream = await open(id);
    if (turn !== this.#turn) {
      end(stream);
      return false;
    }
    this.#stream = stream;
    stream.getVideoTracks()[0].addEventListener("ended", () => {
      if (this.#stream !== stream) return;
      this.stop();
      this.#onEnd();
    });
    this.#video.srcObject = stream;
    // Refused only when the element loses its stream before it plays.
    await this.#video.play().catch(() => {});
    return turn === this.#turn;
  }

  stop() {
    this.#turn += 1;
    if (this.#stream) end(this.#stream);
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  /** Of the camera that runs: its id, and whether it looks away from the reader. */
  get id() {
    return this.#settings.deviceId;
  }

  get isRear() {
    return this.#settings.facingMode === "environment";
  }

  get #settings() {
    return this.#stream?.getVideoTracks()[0].getSettings() ?? {};
  }
}

async function open(id) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Problem(isSecureContext ? "cameraOther" : "cameraInsecure");
  const which = id ? { deviceId: { exact: id } } : { facingMode: "user" };
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { ...which, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
    });
  } catch (error) {
    throw new Problem(codes[error.name] ?? "cameraOther", error.message);
  }
}

function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}
