// The background's shell: every listener is registered while this file runs, as a browser demands that wakes a
// stopped worker for an event. What each one does is in Rust (`src/background.rs`).

import { withEngine } from "./engine.js";
import { refreshPacks, usePacks } from "./packs.js";

const PACKS = "packs";
const A_DAY = 24 * 60;

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * One after the other: two messages of the same tab must not read and write its state at the same time.
 * @param {(soi: any) => any} job
 */
function inTurn(job) {
  const turn = last.then(() => withEngine(job));
  last = turn.catch((error) => console.error(error));
  return turn;
}

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  inTurn((soi) => soi.backgroundMessage(message, sender)).then(reply, (error) =>
    reply({ type: "refused", code: "engine.stopped", message: String(error) }),
  );
  return true; // the reply comes later
});

chrome.runtime.onInstalled.addListener(({ reason }) => {
  chrome.alarms.create(PACKS, { periodInMinutes: A_DAY });
  inTurn((soi) => soi.backgroundInstalled(reason));
});

chrome.tabs.onRemoved.addListener((tab) => {
  inTurn((soi) => soi.backgroundTabClosed(tab));
});

chrome.storage.onChanged.addListener((changes, area) => {
  if (area !== "local") return;
  if (changes.packs) inTurn((soi) => usePacks(soi));
  if (changes.settings || changes.packs) inTurn((soi) => soi.backgroundLookAgain());
  if (changes["conduct-1"]) inTurn((soi) => soi.backgroundConductChanged());
});

chrome.alarms.onAlarm.addListener(({ name }) => {
  if (name === PACKS) inTurn(refreshPacks);
});
