"use strict";
// Notices what a page adds: added nodes only, once a frame, and talk in its own containers alone.

globalThis.soi ??= /** @type {Soi} */ ({});
{
  const QUIET_MS = 300;
  /** A page that changes without saying anything new is looked at ever more rarely. */
  const MAX_QUIET_MS = 30_000;

  /** Elements that a record says are new or changed, Soi's own aside.
   * @param {MutationRecord} record @returns {Element[]} */
  function changed({ type, target, addedNodes }) {
    const around = target instanceof Element ? target : target.parentElement;
    if (type !== "childList") return around ? [around] : [];
    return [...addedNodes].flatMap((node) =>
      !(node instanceof Element) ? around ?? [] : node.localName === "soi-badge" ? [] : node);
  }

  soi.watch = (plan, state, on) => {
    /** New elements by the rule that reads them; null: cards. @type {Map<PlanLine | null, Set<Element>>} */
    const pending = new Map([null, ...plan.lines].map((rule) => [rule, new Set()]));
    let frame = 0;
    let look = 0;
    let quiet = QUIET_MS;

    const flush = () => {
      cancelAnimationFrame(frame);
      frame = 0;
      for (const [rule, elements] of pending) {
        const roots = [...elements].filter((element) => element.isConnected);
        if (rule && elements.size) soi.readLines(rule, roots, Date.now() / 1_000, state);
        else if (elements.size) soi.readCards(plan, roots, state);
        elements.clear();
      }
      if (state.newCards.length || state.lines.length) on.read();
    };
    /** @param {PlanLine | null} rule @param {Element[]} elements */
    const add = (rule, elements) => {
      for (const element of elements) pending.get(rule)?.add(element);
      if (elements.length) frame ||= requestAnimationFrame(flush);
    };

    const everything = { childList: true, subtree: true };
    const lines = plan.lines.map((rule) => ({
      rule,
      container: /** @type {Element | null} */ (null),
      observer: new MutationObserver((records) => add(rule, records.flatMap(changed))),
    }));
    const page = new MutationObserver((records) => {
      const isTalk = (/** @type {Node} */ target) => lines.some(({ container }) => container?.contains(target));
      const elements = records.filter(({ target }) => !isTalk(target)).flatMap(changed);
      add(null, elements);
      if (elements.length) look ||= setTimeout(() => {
        look = 0;
        quiet = on.page() ? QUIET_MS : Math.min(quiet * 2, MAX_QUIET_MS);
      }, quiet);
    });
    // A list that reuses its elements changes their links and adds nothing.
    page.observe(document, { ...everything, attributes: true, attributeFilter: ["href"] });

    const beat = () => {
      for (const line of lines) {
        const isNew = !line.container?.isConnected;
        if (isNew) {
          line.observer.disconnect();
          line.container = document.querySelector(line.rule.container);
          if (line.container) line.observer.observe(line.container, { ...everything, characterData: true });
        }
        // A caption counts once it has stood still, which no mutation tells.
        if (line.container && (isNew || line.rule.kind === "caption")) add(line.rule, [line.container]);
      }
      // A hidden tab draws no frames.
      if (document.hidden) flush();
    };
    beat();
    return {
      beat,
      stop() {
        for (const observer of [page, ...lines.map(({ observer }) => observer)]) observer.disconnect();
        cancelAnimationFrame(frame);
        clearTimeout(look);
      },
    };
  };
}
