"use strict";
// Notices what a page adds: added nodes only, cards once a frame, and talk in its own containers alone, a few times a second.

globalThis.soi ??= /** @type {Soi} */ ({});
{
  const QUIET_MS = 300;
  /** Talk is read in batches: in a crowded room each frame brings a line. */
  const TALK_MS = 250;
  /** A page that changes without saying anything new is looked at ever more rarely. */
  const MAX_QUIET_MS = 30_000;

  /** Elements that records say are new or changed, Soi's own aside. A loop: in a crowded room it never stands still.
   * @param {MutationRecord[]} records @returns {Element[]} */
  function changed(records) {
    const elements = [];
    for (const { type, target, addedNodes } of records) {
      for (const node of type === "childList" ? addedNodes : [target]) {
        const element = node instanceof Element ? node : target instanceof Element ? target : target.parentElement;
        if (element && element.localName !== "soi-badge") elements.push(element);
      }
    }
    return elements;
  }

  soi.watch = (plan, state, on) => {
    /** New elements by the rule that reads them; null: cards. @type {Map<PlanLine | null, Set<Element>>} */
    const pending = new Map([null, ...plan.lines].map((rule) => [rule, new Set()]));
    let frame = 0;
    let talk = 0;
    let look = 0;
    let quiet = QUIET_MS;

    /** @param {PlanLine | null} rule @param {Set<Element>} elements */
    const read = (rule, elements) => {
      const roots = [...elements];
      elements.clear();
      // A list that keeps only its last lines may have dropped one by now: it was said all the same.
      if (rule) soi.readLines(rule, roots, Date.now() / 1_000, state);
      else soi.readCards(plan, roots.filter((element) => element.isConnected), state);
    };
    const flush = () => {
      cancelAnimationFrame(frame);
      clearTimeout(talk);
      frame = talk = 0;
      for (const [rule, elements] of pending) if (elements.size) read(rule, elements);
      if (state.newCards.length || state.lines.length) on.read();
    };
    /** @param {PlanLine | null} rule @param {Element[]} elements */
    const add = (rule, elements) => {
      for (const element of elements) pending.get(rule)?.add(element);
      if (!elements.length) return;
      if (rule) talk ||= setTimeout(flush, TALK_MS);
      else frame ||= requestAnimationFrame(flush);
    };

    const everything = { childList: true, subtree: true };
    const lines = plan.lines.map((rule) => {
      const line = {
        rule,
        container: /** @type {Element | null} */ (null),
        observer: new MutationObserver((records) => {
          const elements = changed(records);
          // A caption that stands unchanged beside a new one is not gone, and would be heard a second time.
          if (line.container && rule.kind === "caption") elements.push(line.container);
          add(rule, elements);
        }),
      };
      return line;
    });
    const page = new MutationObserver((records) => {
      const isTalk = (/** @type {Node} */ target) => lines.some(({ container }) => container?.contains(target));
      const elements = changed(records.filter(({ target }) => !isTalk(target)));
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
        clearTimeout(talk);
        clearTimeout(look);
      },
    };
  };
}
