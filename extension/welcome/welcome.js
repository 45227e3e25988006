// Shell of the first page: what it shows is in Rust (`src/welcome.rs`).

import { openPage } from "../page.js";

openPage(
  (soi) => soi.welcome(),
  (soi, event) => soi.welcomePressed(event),
  (key, area) => area === "local" && key === "settings",
);
