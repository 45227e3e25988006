"use strict";
// Notices what a page adds: added nodes only, once a frame, and talk in its own containers alone.

globalThis.soi ??= /** @type {Soi} */ ({});
{
  const QUIET_MS = 300;
  /** A page that changes without saying anything new is looked at ever more rarely. */
  const MAX_QUIET_MS = 30_000;
  /** From so many new elements on, looking through the page is cheaper than through each. */
  const MANY = 200;
  /** A hidden tab draws no frames. */
  const HIDDEN_MS = 250;

  /** Elements that a record says are new or changed, Soi's own aside.
   * @param {MutationRecord} record @returns {Element[]} */
  function changed({ type, target, addedNodes }) {
    const around = target instanceof Element ? target : target.parentElement;
    if (type !== "childList") return around ? [around] : [];
    return [...addedNodes].flatMap((node) =>
      !(node instanceof Element) ? around ?? [] : node.localName === "soi-badge" ? [] : node);
  }

  soi.follow = (moved, beat) => {
    const address = () => location.origin + location.pathname + location.search;
    let last = address();
    const check = () => {
      if (address() === last) return;
      last = address();
      moved();
    };
    // Where there is no Navigation API, the beat finds that the address changed.
    globalThis.navigation?.addEventListener("currententrychange", check);
    const timer = setInterval(() => {
      check();
      beat();
    }, 1_000);
    return () => {
      globalThis.navigation?.removeEventListener("currententrychange", check);
      clearInterval(timer);
    };
  };

  soi.watch = (plan, state, on) => {
    /** New elements by the rule that reads them; null: cards. @type {Map<PlanLine | null, Set<Element>>} */
    const pending = new Map();
    let frame = 0;
    let timer = 0;
    const flush = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      for (const [rule, elements] of pending) {
        const roots = elements.size > MANY ? [document.documentElement]
          : [...elements].filter((element) => element.isConnected);
        if (rule) soi.readLines(rule, roots, Date.now() / 1_000, state);
        else soi.readCards(plan, roots, state);
      }
      pending.clear();
      if (state.newCards.length || state.lines.length) on.read();
    };
    /** @param {PlanLine | null} rule @param {Element[]} elements */
    const add = (rule, elements) => {
      if (!elements.length) return;
      if (!pending.size) {
        frame = requestAnimationFrame(flush);
        timer = setTimeout(flush, HIDDEN_MS);
      }
      const batch = pending.get(rule) ?? new Set();
      pending.set(rule, batch);
      for (const element of elements) batch.add(element);
    };

    const lines = plan.lines.map((rule) => ({
      rule,
      container: /** @type {Element | null} */ (null),
      observer: new MutationObserver((records) => add(rule, records.flatMap(changed))),
    }));

    let quiet = QUIET_MS;
    let look = 0;
    const page = new MutationObserver((records) => {
      const elements = records
        .filter(({ target }) => !lines.some(({ container }) => container?.contains(target)))
        .flatMap(changed);
      add(null, elements);
      if (!elements.length || look) return;
      look = setTimeout(() => {
        look = 0;
        quiet = on.page() ? QUIET_MS : Math.min(quiet * 2, MAX_QUIET_MS);
      }, quiet);
    });
    // A list that reuses its elements changes their links and adds nothing.
    page.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["href"] });

    const beat = () => {
      for (const line of lines) {
        if (!line.container?.isConnected) {
          line.observer.disconnect();
          line.container = document.querySelector(line.rule.container);
          if (!line.container) continue;
          line.observer.observe(line.container, { childList: true, subtree: true, characterData: true });
          add(line.rule, [line.container]);
        } else if (line.rule.kind === "caption") {
          // A caption counts once it has stood still, which no mutation tells.
          add(line.rule, [line.container]);
        }
      }
    };
    beat();
    return {
      beat,
      stop() {
        for (const observer of [page, ...lines.map(({ observer }) => observer)]) observer.disconnect();
        cancelAnimationFrame(frame);
        for (const waiting of [timer, look]) clearTimeout(waiting);
      },
    };
  };
}
