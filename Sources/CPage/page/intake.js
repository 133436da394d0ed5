// How photos come in: chosen, dropped, pasted, taken.
import { byId } from "./dom.js";
import { say } from "./language.js";

/** Wires every way in. `onFiles` gets an array of files, `onNotice` a sentence when there were none. */
export function setUpIntake(onFiles, onNotice) {
  for (const id of ["choose", "add"]) byId(id).addEventListener("click", () => byId("file").click());
  for (const id of ["file", "capture"]) {
    byId(id).addEventListener("change", ({ target }) => {
      const files = [...target.files];
      target.value = "";
      if (files.length) onFiles(files);
    });
  }
  document.addEventListener("paste", ({ clipboardData }) => {
    const files = [...(clipboardData?.files ?? [])];
    if (files.length) onFiles(files);
    else if (!["INPUT", "TEXTAREA"].includes(document.activeElement?.tagName)) onNotice(say("noPictures"));
  });
  setUpDrop(onFiles, onNotice);
  setUpCamera(onFiles, onNotice);
}

function setUpDrop(onFiles, onNotice) {
  const veil = byId("drop");
  // Entering a child comes before leaving its parent: the veil goes when as many were left as entered.
  let depth = 0;
  const close = () => {
    depth = 0;
    veil.hidden = true;
  };
  document.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    veil.hidden = false;
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) close();
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    close();
    const files = [...event.dataTransfer.files];
    if (files.length) onFiles(files);
    else onNotice(say("noPictures"));
  });
}

function setUpCamera(onFiles, onNotice) {
  const dialog = byId("camera-dialog");
  const video = byId("video");
  byId("camera").addEventListener("click", async () => {
    // Without https a browser gives a page no camera; a phone's own camera still can be asked for a file.
    if (!navigator.mediaDevices?.getUserMedia) return byId("capture").click();
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      dialog.showModal();
    } catch {
      onNotice(say("noCamera"));
    }
  });
  byId("camera-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  });
  byId("shutter").addEventListener("click", () => {
    if (!video.videoWidth) return;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob(
      (blob) => {
        dialog.close();
        if (blob) onFiles([new File([blob], "camera.jpg", { type: "image/jpeg" })]);
      },
      "image/jpeg",
      0.92,
    );
  });
}
