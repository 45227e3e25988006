// The life of the WebAssembly instance: started at its first use, started again after a failed start, thrown away
// after a trap. Everything in Rust is reached through `withEngine`.

import { readPacks, usePacks } from "./packs.js";
// @ts-ignore: written by the build
import start, * as soi from "./soi.js";

/** @type {Promise<void> | null} */
let starting = null;
let isRunning = false;
let wasStarted = false;

/** Calls in progress, each by the function that rejects it. @type {Set<(error: unknown) => void>} */
const calls = new Set();

/** How many instances have been started: one, unless Rust has trapped. */
export let instances = 0;

async function startInstance() {
  const packs = readPacks();
  if (wasStarted) soi.__wbg_reset_state();
  else await start({ module_or_path: new URL("soi_bg.wasm", import.meta.url) });
  wasStarted = true;
  const tables = await fetch(new URL("knowledge.bin", import.meta.url));
  soi.openEngine(new Uint8Array(await tables.arrayBuffer()));
  await usePacks(soi, packs);
  isRunning = true;
  instances += 1;
}

/**
 * Discards the instance that has trapped, since its memory cannot be trusted any more, and every call to it.
 * @param {unknown} error
 */
function discardAfter(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  isRunning = false;
  starting = null;
  for (const reject of calls) reject(error);
}

// Futures in Rust run in microtasks of their own: a trap there reaches no caller, only these two events.
self.addEventListener("error", (event) => discardAfter(event.error));
self.addEventListener("unhandledrejection", (event) => discardAfter(event.reason));

/**
 * Calls into the engine. When an instance is running, `callback` is called at once, within the current event: a
 * browser asks for permissions only while a click is being handled. A trap rejects every call of that instance, and
 * the next call starts a new one.
 *
 * @template T
 * @param {(soi: any) => T | Promise<T>} callback
 * @returns {Promise<T>}
 */
export async function withEngine(callback) {
  if (!isRunning) {
    starting ??= startInstance().catch((error) => {
      starting = null;
      throw error;
    });
    await starting;
  }
  /** @type {(error: unknown) => void} */
  let stop = () => {};
  try {
    return await new Promise((resolve, reject) => {
      calls.add((stop = reject));
      // Not `resolve(promise)`: that would bind this promise to the other, beyond the reach of `reject`.
      Promise.resolve(callback(soi)).then(resolve, reject);
    });
  } catch (error) {
    discardAfter(error);
    throw error;
  } finally {
    calls.delete(stop);
  }
}
