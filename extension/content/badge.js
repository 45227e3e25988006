"use strict";
// Draws what it is told in closed shadow roots, and keeps it there unless the page fights back.

globalThis.soi ??= /** @type {Soi} */ ({});
{
  const MAX_RETURNS = 5;
  const RETURN_MS = 10_000;
  /** A screen reader speaks a live region that changes, not one that arrives full. */
  const SPEAK_MS = 150;
  /** Pixels of picture that the badge's letters and its name need beside each other. */
  const WIDTH_WITH_NAME = 112;
  const KEPT_FROM_PAGE = ["click", "pointerdown", "mousedown", "pointerup", "mouseup", "keydown", "keyup"];

  /** `!important` within a shadow root wins over the page's: no rule of the page hides or moves the host. */
  const PLACES = {
    card: "position:absolute;top:6px;left:6px;z-index:9;",
    inline: "position:static;container-type:inline-size;margin:8px 0;",
    page: "position:fixed;right:16px;bottom:16px;z-index:2147483647;",
    room: "position:fixed;left:16px;bottom:16px;z-index:2147483647;",
  };

  /** A constructed sheet is the one way of styling that the page's `style-src` governs in neither browser.
   * @param {string} place */
  function sheet(place) {
    const made = new CSSStyleSheet();
    const host = `all:initial;display:block;${place}`.replaceAll(";", "!important;");
    made.replaceSync(`:host{${host}}${soi.badgeStyle}`);
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
  const drawMark = ({ name, grade, word, shape }) => element("span", `mark ${grade === "?" ? "unknown" : grade}`,
    element("span", `sign ${shape}`, grade),
    element("span", "words", element("span", "question", name), element("span", "word", word)));

  /** Whether what follows it gets a line of its own and disturbs nothing. @param {Element | null} element */
  function isInFlow(element) {
    if (!element?.parentElement) return false;
    const { display, flexDirection } = getComputedStyle(element.parentElement);
    return ["block", "flow-root", "list-item"].includes(display) || (display === "flex" && flexDirection === "column");
  }

  /** Whether a badge with its name would stand over the words beside the picture. @param {Element | undefined} card */
  function isNarrow(card) {
    const width = card?.querySelector("img, video")?.clientWidth ?? 0;
    return width > 0 && width < WIDTH_WITH_NAME;
  }

  soi.badges = (plan, open) => {
    // An update of the extension may have stopped this script before it could take its badges down.
    for (const left of document.querySelectorAll("soi-badge")) left.remove();
    const sheets = Object.fromEntries(Object.entries(PLACES).map(([name, place]) => [name, sheet(place)]));
    /** @type {Map<string, DrawnBadge>} */
    const drawn = new Map();

    /** @param {Badge} badge @param {Element | null} card @param {boolean} narrow @param {string} lang
     * @returns {DrawnBadge} */
    function create(badge, card, narrow, lang) {
      const host = document.createElement("soi-badge");
      // Throws where the page has defined this element for itself.
      const root = host.attachShadow({ mode: "closed" });
      const button = element("button", "");
      const status = element("span", "spoken");
      status.role = "status";
      button.lang = status.lang = lang;
      root.append(button, ...(card ? [] : [status]));
      const unused = { positioned: null, fixed: false, returns: [], blocked: false };
      const entry = { host, root, button, status, badge, card, narrow, ...unused };
      for (const type of KEPT_FROM_PAGE) button.addEventListener(type, (event) => event.stopPropagation());
      button.addEventListener("click", (event) => {
        // A card is often a link.
        event.preventDefault();
        if (event.isTrusted) open(entry.badge.key);
      });
      return entry;
    }

    /** @param {DrawnBadge} entry @param {Badge} badge */
    function fill(entry, badge) {
      const { button, status, card, narrow } = entry;
      const isCalm = card !== null && badge.marks.every(({ grade }) => grade === "?");
      entry.badge = badge;
      button.className = isCalm ? "calm" : narrow ? "narrow" : "";
      button.title = badge.hint;
      button.ariaLabel = badge.label;
      const name = element("span", "soi", isCalm ? "Soi ?" : "Soi");
      button.replaceChildren(name, ...(isCalm ? [] : badge.marks.map(drawMark)));
      setTimeout(() => { if (status.textContent !== badge.label) status.textContent = badge.label; }, SPEAK_MS);
    }

    /** @param {DrawnBadge} entry @param {PageState} state */
    function insert(entry, { kind }) {
      const { host, root, button, card, badge } = entry;
      const anchors = card || entry.fixed ? [] : plan.anchors.filter(({ pages }) => pages.includes(kind));
      const anchor = anchors.map(({ selector }) => document.querySelector(selector)).find(isInFlow);
      if (card instanceof HTMLElement && getComputedStyle(card).position === "static") {
        card.style.position = "relative";
        entry.positioned = card;
      }
      const place = card ? "card" : anchor ? "inline" : badge.anchor;
      entry.fixed = !card && !anchor;
      root.adoptedStyleSheets = [sheets[place]];
      button.dataset.place = place;
      if (anchor) anchor.after(host);
      else (card ?? document.documentElement).append(host);
    }

    /** A page may redraw what is around a badge, and may fight it; after a few times Soi lets it be.
     * @param {DrawnBadge} entry @param {PageState} state */
    function restore(entry, state) {
      const now = Date.now();
      entry.returns = [...entry.returns.filter((time) => now - time < RETURN_MS), now];
      if (entry.returns.length > MAX_RETURNS) block(entry, state);
      else insert(entry, state);
    }

    /** @param {DrawnBadge} entry @param {PageState} state */
    function block(entry, state) {
      entry.blocked = state.blocked = true;
      entry.host.remove();
    }

    /** @param {DrawnBadge} entry */
    function discard({ host, positioned }) {
      host.remove();
      positioned?.style.removeProperty("position");
    }

    return {
      draw(badges, lang, state) {
        // All is measured before anything is drawn: one layout, which the page needs anyway, instead of one a card.
        const fresh = badges.filter(({ anchor }) => !drawn.has(anchor)).map(({ anchor }) => anchor);
        const narrow = new Set(fresh.filter((anchor) => isNarrow(state.cards.get(anchor))));
        for (const badge of badges) {
          const card = state.cards.get(badge.anchor) ?? null;
          const known = drawn.get(badge.anchor);
          const isOurs = card || badge.anchor === "page" || badge.anchor === "room";
          if (!isOurs || known?.blocked || JSON.stringify(known?.badge) === JSON.stringify(badge)) continue;
          try {
            const entry = known ?? create(badge, card, narrow.has(badge.anchor), lang);
            drawn.set(badge.anchor, entry);
            fill(entry, badge);
            if (!entry.host.isConnected) insert(entry, state);
          } catch {
            state.blocked = true;
          }
        }
      },
      check(state) {
        for (const [anchor, entry] of drawn) {
          const { host, card, blocked, fixed } = entry;
          if (card && state.cards.get(anchor) !== card) {
            drawn.delete(anchor);
            discard(entry);
          } else if (!blocked && !host.isConnected) {
            if (!card || card.isConnected) restore(entry, state);
          } else if (!blocked && !card && !document.hidden
            && !host.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
            entry.fixed = true;
            if (fixed) block(entry, state);
            else insert(entry, state);
          }
        }
      },
      clear() {
        for (const entry of drawn.values()) discard(entry);
        drawn.clear();
      },
    };
  };
}
