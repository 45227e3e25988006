// Shell of the options: what they show is in Rust (`src/options.rs`).

import { withEngine } from "../engine.js";
import { fail, openPage } from "../page.js";

openPage(
  (soi) => soi.options(),
  (soi, event) => soi.optionsPressed(event),
  (key, area) => area === "local" && key === "settings",
);

document.addEventListener("change", (event) => {
  withEngine((soi) => soi.optionsChanged(event)).catch(fail);
});
