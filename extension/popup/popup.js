// Shell of the popup: what it shows is in Rust (`src/popup.rs`).

import { openPage } from "../page.js";

const redraw = openPage(
  (soi) => soi.popup(),
  (soi, event) => soi.popupPressed(event),
  (key, area) => (area === "session" ? key.startsWith("tab:") : ["settings", "packs", "conduct-1"].includes(key)),
);

// The tab may move on to a page about which nobody sends anything.
chrome.tabs.onUpdated.addListener((_tab, change) => {
  if (change.url || change.status === "complete") redraw();
});
