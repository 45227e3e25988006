// A page that removes every badge as soon as one is there.
"use strict";

window.removedBadges = 0;
new MutationObserver(() => {
  for (const badge of document.querySelectorAll("soi-badge")) {
    badge.remove();
    window.removedBadges += 1;
  }
}).observe(document.documentElement, { childList: true, subtree: true });
