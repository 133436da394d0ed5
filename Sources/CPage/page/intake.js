// How photos come in: chosen, dropped, pasted, taken.
import { byId } from "./dom.js";
import { takeFilesIn } from "./drop.js";
import { say } from "./language.js";
import { notify } from "./notices.js";

/** Wires every way in. `onFiles` gets an array of files. */
export function setUpIntake(onFiles) {
  for (const id of ["choose", "add"]) byId(id).addEventListener("click", () => byId("file").click());
  for (const id of ["file", "capture"]) {
    byId(id).addEventListener("change", ({ target }) => {
      const files = [...target.files];
      target.value = "";
      if (files.length) onFiles(files);
    });
  }
  takeFilesIn("photos", { onFiles, words: "drop", none: "noPictures" });
  setUpCamera(onFiles);
}

function setUpCamera(onFiles) {
  const dialog = byId("camera-dialog");
  const video = byId("viewfinder");
  byId("take-photo").addEventListener("click", async () => {
    // Without https a browser gives a page no camera; a phone's own camera still can be asked for a file.
    if (!navigator.mediaDevices?.getUserMedia) return byId("capture").click();
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      dialog.showModal();
    } catch {
      notify(say("noCamera"));
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
