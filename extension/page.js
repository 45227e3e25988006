// What every page of the package needs around Rust: a first drawing, presses, and drawing again when something
// that it shows has changed.

import { withEngine } from "./engine.js";
import { usePacks } from "./packs.js";

/**
 * @param {(soi: any) => Promise<void>} draw
 * @param {(soi: any, event: Event) => Promise<unknown> | undefined} pressed
 * @param {(key: string, area: string) => boolean} shows whether the page shows what is stored under a key
 * @returns {() => void} draws again
 */
export function openPage(draw, pressed, shows) {
  /** @type {Promise<void> | null} */
  let drawing = null;
  let again = false;

  // One drawing at a time; what changes meanwhile is drawn once more, not once each.
  function redraw() {
    again = true;
    drawing ??= (async () => {
      while (again) {
        again = false;
        await withEngine(draw);
      }
    })()
      .catch(fail)
      .finally(() => {
        drawing = null;
      });
  }

  document.addEventListener("click", (event) => {
    withEngine((soi) => pressed(soi, event)).catch(fail);
  });
  chrome.storage.onChanged.addListener(async (changes, area) => {
    if (area === "local" && changes.packs) await withEngine((soi) => usePacks(soi)).catch(fail);
    if (Object.keys(changes).some((key) => shows(key, area))) redraw();
  });
  chrome.permissions.onAdded.addListener(redraw);
  chrome.permissions.onRemoved.addListener(redraw);
  redraw();
  return redraw;
}

/** @param {unknown} error */
export function fail(error) {
  console.error(error);
  const failure = document.getElementById("failure");
  if (failure) failure.hidden = false;
}
