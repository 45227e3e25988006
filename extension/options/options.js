// Shell of the options: what they show is in Rust (`src/options.rs`).

import { withEngine } from "../engine.js";
import { forgetPacks, refreshPacks } from "../packs.js";
import { fail, openPage } from "../page.js";

openPage(
  (soi) => soi.options(),
  (soi, event) => soi.optionsPressed(event),
  (key, area) => area === "local" && ["settings", "packs", "conduct-1"].includes(key),
);

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  button.disabled = true;
  try {
    const origin = await withEngine((soi) => soi.optionsOrigin(String(new FormData(form).get("origin"))));
    if (origin) await withEngine(refreshPacks);
    else if (origin === "") await forgetPacks();
  } catch (error) {
    fail(error);
  } finally {
    button.disabled = false;
  }
});

document.addEventListener("change", (event) => {
  withEngine((soi) => soi.optionsChanged(event)).catch(fail);
});
