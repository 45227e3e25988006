// A page that takes Soi's element name for itself and draws a badge of its own.
"use strict";

customElements.define("soi-badge", class extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" });
    this.shadowRoot.textContent = "Soi: A, mọi thứ đều ổn";
  }
});
document.querySelector("h1, [data-e2e='live-room-title']")?.append(document.createElement("soi-badge"));
