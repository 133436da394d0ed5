// The page: what is there on every tab, then the tabs.
import "./photos-tab.js";
import "./video-tab.js";
import "./camera-tab.js";
import "./jobs-tab.js";
import { byId } from "./dom.js";
import { setUpDrop } from "./drop.js";
import { say, switchLanguage, whenLanguageIsSet, writeStaticWords } from "./language.js";
import { setUpSections, whenSectionChanges } from "./sections.js";
import { setUpTheme } from "./theme.js";

setUpTheme();
setUpDrop();
byId("language").addEventListener("click", switchLanguage);
whenLanguageIsSet(() => {
  writeStaticWords();
  byId("language").textContent = say("otherLanguage");
  byId("language").lang = say("tag") === "en" ? "zh-CN" : "en";
});
// The camera has its own, beside its picture.
whenSectionChanges((name) => (byId("open-settings").hidden = name === "camera"));
// Last: a tab hears that it is shown.
setUpSections();
