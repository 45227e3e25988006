"use strict";
// Draws what it is told in closed shadow roots, and keeps it there unless the page fights back.

globalThis.soi ??= /** @type {Soi} */ ({});
{
  const MAX_RETURNS = 5;
  const RETURN_MS = 10_000;
  /** A screen reader speaks a live region that changes, not one that arrives full. */
  const SPEAK_MS = 150;
  const SVG = "http://www.w3.org/2000/svg";

  const SHAPES = {
    circle: "M12 1a11 11 0 1 0 0 22 11 11 0 1 0 0-22z",
    diamond: "M12 0 24 12 12 24 0 12z",
    triangle: "M12 1.5 24 23H0z",
    square: "M4 1.5h16A2.5 2.5 0 0 1 22.5 4v16a2.5 2.5 0 0 1-2.5 2.5H4A2.5 2.5 0 0 1 1.5 20V4A2.5 2.5 0 0 1 4 1.5z",
    octagon: "M7.2.5h9.6l6.7 6.7v9.6l-6.7 6.7H7.2L.5 16.8V7.2z",
    ring: "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20z",
  };

  /** `!important` within a shadow root wins over the page's: no rule of the page hides or moves the host. */
  const HOSTS = {
    card: "display:block;position:absolute;top:6px;left:6px;z-index:9;",
    inline: "display:block;position:static;width:fit-content;max-width:100%;margin:8px 0;",
    page: "display:block;position:fixed;right:16px;bottom:16px;z-index:2147483647;",
    room: "display:block;position:fixed;left:16px;bottom:16px;z-index:2147483647;",
  };

  const STYLE = `
    button {
      --ground: #fff; --ink: #16181d; --quiet: #5c6370; --edge: #d5d8de;
      display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; min-height: 24px;
      margin: 0; padding: 8px 14px 8px 12px;
      border: 1px solid var(--edge); border-radius: 12px; background: var(--ground); color: var(--ink);
      box-shadow: 0 1px 3px #0003; cursor: pointer; text-align: start;
      font: 500 13px/1.25 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    }
    button:hover { border-color: var(--quiet); }
    button:focus-visible { outline: 3px solid #1a6fe8; outline-offset: 2px; }
    [data-fixed] { box-shadow: 0 4px 18px #0004; }
    .soi { font-weight: 750; letter-spacing: .01em; }
    .mark { display: flex; align-items: center; gap: 8px; }
    .words { display: grid; }
    .question { color: var(--quiet); font-size: 11px; }
    .word { font-weight: 650; }
    svg { display: block; flex: none; width: 28px; height: 28px; overflow: visible; }
    path { fill: var(--fill); }
    .ring path { fill: none; stroke: var(--fill); stroke-width: 2; }
    text { fill: var(--on); font-size: 12.5px; font-weight: 750; text-anchor: middle; }
    .ring text { fill: var(--fill); }
    .triangle text { font-size: 11px; transform: translateY(2.6px); }
    .A { --fill: #18794e; --on: #fff; } .B { --fill: #0b7285; --on: #fff; }
    .C { --fill: #f2b90c; --on: #241a00; } .D { --fill: #c2410c; --on: #fff; }
    .E { --fill: #a5132b; --on: #fff; } .unknown { --fill: #5c6370; }
    .compact { flex-wrap: nowrap; gap: 3px; padding: 2px 6px 2px 7px; border-radius: 999px; font-size: 11px; }
    .compact .words { display: none; }
    .compact .soi { margin-inline-end: 2px; }
    .compact svg { width: 20px; height: 20px; }
    .calm { padding: 0 8px; color: var(--quiet); box-shadow: none; }
    .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    @media (max-width: 560px) { [data-fixed] .words { display: none; } }
    @media (prefers-color-scheme: dark) {
      button { --ground: #1b1d22; --ink: #f1f3f6; --quiet: #a9b0bc; --edge: #3c4049; }
      button:focus-visible { outline-color: #7db4ff; }
      .A { --fill: #4cc38a; --on: #06210f; } .B { --fill: #4ccce6; --on: #04212a; }
      .C { --fill: #ffd60a; --on: #241a00; } .D { --fill: #ff9a5c; --on: #2b1200; }
      .E { --fill: #ff7b84; --on: #2b0006; } .unknown { --fill: #a9b0bc; }
    }
    @media (prefers-reduced-motion: no-preference) {
      button { animation: appear .16s ease-out; }
      @keyframes appear { from { opacity: 0; transform: translateY(3px); } }
    }
    @media (forced-colors: active) {
      path { fill: CanvasText; } text { fill: Canvas; }
      .ring path { stroke: CanvasText; } .ring text { fill: CanvasText; }
    }`;

  /** A constructed sheet is the one way of styling that the page's `style-src` governs in neither browser.
   * @param {string} css */
  function sheet(css) {
    const made = new CSSStyleSheet();
    made.replaceSync(css);
    return made;
  }

  /** @param {string} tag @param {string} className @param {...(Node | string)} children */
  function element(tag, className, ...children) {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...children);
    return made;
  }

  /** @param {Mark} mark */
  function drawMark({ name, grade, word, shape }) {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    const letter = document.createElementNS(SVG, "text");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", shape);
    path.setAttribute("d", SHAPES[shape]);
    letter.setAttribute("x", "12");
    letter.setAttribute("y", "16.5");
    letter.textContent = grade;
    svg.append(path, letter);
    return element("span", `mark ${grade === "?" ? "unknown" : grade}`, svg,
      element("span", "words", element("span", "question", name), element("span", "word", word)));
  }

  /** Whether what follows this element gets a line of its own and disturbs nothing. @param {Element} element */
  function isInFlow(element) {
    const { display, flexDirection } = getComputedStyle(element.parentElement ?? element);
    return ["block", "flow-root", "list-item"].includes(display)
      || (display === "flex" && flexDirection === "column");
  }

  soi.badges = (plan, open) => {
    // An update of the extension may have stopped this script before it could take its badges down.
    for (const left of document.querySelectorAll("soi-badge")) left.remove();
    const base = sheet(STYLE);
    const hosts = Object.fromEntries(Object.entries(HOSTS).map(([place, css]) =>
      [place, sheet(`:host{all:initial!important;${css.replaceAll(";", "!important;")}}`)]));

    /** @typedef {{ host: HTMLElement, root: ShadowRoot, button: HTMLElement, status: HTMLElement, badge: Badge,
     *   drawn: string, card: Element | null, positioned: HTMLElement | null, fixed: boolean, returns: number[],
     *   blocked: boolean }} Drawn */
    /** @type {Map<string, Drawn>} */
    const drawn = new Map();
    /** @type {PageState | null} */
    let page = null;

    const removals = new MutationObserver((records) => {
      const gone = new Set(records.flatMap(({ removedNodes }) => [...removedNodes]));
      for (const entry of drawn.values()) if (gone.has(entry.host) && !entry.host.isConnected) restore(entry);
    });

    /** @param {Drawn} entry */
    function block(entry) {
      entry.blocked = true;
      entry.host.remove();
      if (page) page.blocked = true;
    }

    /** A page may redraw what is around a badge, and may fight it; after a few times Soi lets it be.
     * @param {Drawn} entry */
    function restore(entry) {
      const now = Date.now();
      entry.returns = [...entry.returns.filter((time) => now - time < RETURN_MS), now];
      if (entry.returns.length > MAX_RETURNS) block(entry);
      else if (!entry.card || entry.card.isConnected) insert(entry);
    }

    /** @param {Drawn} entry */
    function insert(entry) {
      const { host, root, badge, card } = entry;
      const kind = page?.kind;
      const anchor = card || entry.fixed || !kind ? null : plan.anchors
        .filter(({ pages }) => pages.includes(kind))
        .map(({ selector }) => document.querySelector(selector)).find((found) => found);
      const inline = anchor && isInFlow(anchor);
      entry.fixed = !card && !inline;
      root.adoptedStyleSheets = [base, hosts[card ? "card" : inline ? "inline" : badge.anchor]];
      entry.button.toggleAttribute("data-fixed", entry.fixed);
      if (card) card.append(host);
      else if (inline) anchor.after(host);
      else document.documentElement.append(host);
      removals.observe(/** @type {Node} */ (host.parentNode), { childList: true });
    }

    /** @param {Badge} badge @param {Element | null} card @param {string} lang @returns {Drawn | null} */
    function create(badge, card, lang) {
      const host = document.createElement("soi-badge");
      try {
        const root = host.attachShadow({ mode: "closed" });
        const button = element("button", "");
        const status = element("span", "spoken");
        status.setAttribute("role", "status");
        button.lang = status.lang = lang;
        root.append(button, ...(card ? [] : [status]));
        const entry = {
          host, root, button, status, badge, drawn: "", card, positioned: null, fixed: false, returns: [],
          blocked: false,
        };
        button.addEventListener("click", (event) => {
          // A card is often a link.
          event.preventDefault();
          if (event.isTrusted) open(entry.badge.key);
        });
        for (const type of ["click", "pointerdown", "mousedown", "pointerup", "mouseup", "keydown", "keyup"]) {
          button.addEventListener(type, (event) => event.stopPropagation());
        }
        return entry;
      } catch {
        // The page defined this element for itself.
        return null;
      }
    }

    /** @param {Drawn} entry @param {Badge} badge */
    function fill(entry, badge) {
      const calm = entry.card && badge.marks.every(({ grade }) => grade === "?");
      entry.badge = badge;
      entry.button.className = calm ? "compact calm" : entry.card ? "compact" : "";
      entry.button.title = badge.hint;
      entry.button.setAttribute("aria-label", badge.label);
      entry.button.replaceChildren(
        element("span", "soi", calm ? "Soi ?" : "Soi"), ...(calm ? [] : badge.marks.map(drawMark)));
      setTimeout(() => {
        if (entry.status.textContent !== badge.label) entry.status.textContent = badge.label;
      }, SPEAK_MS);
    }

    /** @param {Drawn} entry */
    function discard({ host, positioned }) {
      host.remove();
      positioned?.style.removeProperty("position");
    }

    return {
      draw(badges, lang, state) {
        page = state;
        const changes = badges.flatMap((badge) => {
          const card = state.cards.get(badge.anchor) ?? null;
          const isOurs = card || badge.anchor === "page" || badge.anchor === "room";
          const entry = drawn.get(badge.anchor);
          if (!isOurs || entry?.blocked || entry?.drawn === JSON.stringify(badge)) return [];
          // Styles are read for all cards before any is changed: one layout, not one a card.
          const isStatic = card instanceof HTMLElement && getComputedStyle(card).position === "static";
          return [{ badge, card, entry, isStatic }];
        });
        for (const { badge, card, entry: known, isStatic } of changes) {
          const entry = known ?? create(badge, card, lang);
          if (!entry) {
            state.blocked = true;
            continue;
          }
          fill(entry, badge);
          entry.drawn = JSON.stringify(badge);
          drawn.set(badge.anchor, entry);
          if (isStatic && card instanceof HTMLElement) {
            card.style.position = "relative";
            entry.positioned = card;
          }
          if (!entry.host.isConnected) insert(entry);
        }
      },
      check(state) {
        for (const [anchor, entry] of drawn) {
          if (entry.card) {
            if (state.cards.get(anchor) === entry.card) continue;
            drawn.delete(anchor);
            discard(entry);
          } else if (!entry.blocked && !entry.host.isConnected) {
            restore(entry);
          } else if (!entry.blocked && !document.hidden
            && !entry.host.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
            if (entry.fixed) block(entry);
            entry.fixed = true;
            if (!entry.blocked) insert(entry);
          }
        }
      },
      clear() {
        removals.disconnect();
        for (const entry of drawn.values()) discard(entry);
        drawn.clear();
      },
    };
  };
}
