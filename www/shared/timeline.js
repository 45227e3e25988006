// Plays what happens on a page: chat, captions, pinned products, in-page navigation, endless scroll.
//
// <script type="application/json" id="timeline"> holds {goods, lines, flood}; how an event looks is the page's own
// <template data-event="chat" data-into="CSS selector">, whose [data-text="name"] and the like are filled in.
// ?speed=4 plays four times as fast, ?speed=0 waits for timeline.step(), ?lasts=60 gives a flood so many seconds.
"use strict";

(() => {
  const block = document.getElementById("timeline");
  const { goods = [], lines = [], flood = null } = block ? JSON.parse(block.textContent) : {};
  const query = new URLSearchParams(location.search);
  const asked = query.get("speed");
  const speed = asked === null ? 1 : Number(asked);
  const viewers = ["khach_mua_khuya", "meo_luoi_88", "be_na_an_vat", "chu_tu_o_que", "co_giao_ve_huu"];
  let next = 0;
  let said = 0;
  let loaded = 0;
  let templates = null;
  const scrolls = new Map();

  function templateFor(what, who) {
    // Looked for once: they stand at the end of pages of thousands of elements.
    templates ??= [...document.querySelectorAll("template[data-event]")];
    const events = templates.filter(({ dataset }) => dataset.event === what);
    return events.find(({ dataset }) => dataset.who === who) ?? events.find(({ dataset }) => !dataset.who);
  }

  function fill(fragment, values) {
    for (const name of ["text", "href", "src", "alt", "title", "index"]) {
      for (const element of fragment.querySelectorAll(`[data-${name}-from]`)) {
        const value = values[element.getAttribute(`data-${name}-from`)] ?? "";
        element.removeAttribute(`data-${name}-from`);
        if (name === "text") element.textContent = value;
        else element.setAttribute(name === "index" ? "data-index" : name, value);
      }
    }
    return fragment;
  }

  /** Once a frame, however many lines it brings: each look at the height lays the page out. */
  function scrollSoon(list) {
    scrolls.get(list) ?? scrolls.set(list, requestAnimationFrame(() => {
      scrolls.delete(list);
      list.scrollTop = list.scrollHeight;
    }));
  }

  function show(template, values) {
    const into = document.querySelector(template.dataset.into);
    if (!into) return;
    const fragment = fill(template.content.cloneNode(true), values);
    // Without the white space around it, which would stay when the element goes.
    if (template.dataset.how === "replace") into.replaceChildren(...fragment.children);
    else into.append(...fragment.children);
    const keep = Number(template.dataset.keep ?? Infinity);
    while (into.children.length > keep) into.firstElementChild.remove();
    if (template.dataset.keep) scrollSoon(into);
  }

  function play(event) {
    const template = templateFor(event.what, event.who);
    const values = { ...event, ...goods[event.good], index: String(said) };
    if (event.what === "unpin") {
      const pinned = templateFor("pin");
      if (pinned) document.querySelector(pinned.dataset.into)?.replaceChildren();
    } else if (event.what === "vanish") {
      for (const element of document.querySelectorAll(`[data-basket="${event.good}"]`)) element.remove();
    } else if (event.what === "navigate") {
      history.pushState(null, "", event.path);
      document.title = event.title;
      show(template, values);
      scrollTo(0, 0);
    } else if (template) {
      if (event.what === "chat") {
        said += 1;
        values.author ??= event.who === "host" ? document.documentElement.dataset.host : viewers[said % viewers.length];
      }
      show(template, values);
    } else {
      for (const frame of document.querySelectorAll("iframe")) frame.contentWindow?.timeline?.play(event);
    }
  }

  function step(count = 1) {
    for (; count > 0 && next < lines.length; count -= 1) {
      play(lines[next]);
      next += 1;
    }
    return lines.length - next;
  }

  function load() {
    const batches = document.querySelectorAll('template[data-event="load"]');
    if (loaded >= batches.length) return false;
    show(batches[loaded], {});
    loaded += 1;
    return true;
  }

  /** Resolves once all lines of the flood are said. A page that cannot keep up says them later, and leaves none out. */
  function pour(perSecond, seconds) {
    const starts = performance.now();
    let poured = 0;
    return new Promise((done) => {
      const timer = setInterval(() => {
        const due = Math.min(((performance.now() - starts) * perSecond) / 1000, perSecond * seconds);
        for (let most = 100; most > 0 && poured < due; most -= 1, poured += 1) {
          play({ what: "chat", who: "viewer", text: `${flood.text[poured % flood.text.length]} ${poured}` });
        }
        if (poured >= perSecond * seconds) done(clearInterval(timer));
      }, 1000 / perSecond);
    });
  }

  /** Plays everything, so many times as fast; a flood lasts `seconds`, and the lines within it stand as they stood. */
  async function run(speed, seconds = flood?.seconds) {
    const faster = flood ? (speed * flood.seconds) / seconds : speed;
    for (const line of lines) setTimeout(() => line === lines[next] && step(), line.at / faster);
    if (!flood) return;
    await pour(flood.per_second * speed, seconds / speed);
    step(Infinity);
  }

  // Not `const`: tests and the console reach it as window.timeline.
  window.timeline = { step, play, load, run, get left() { return lines.length - next; } };

  const edge = document.querySelector("[data-load-here]");
  if (edge) new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && load()).observe(edge);
  if (speed > 0) run(speed, Number(query.get("lasts") ?? flood?.seconds));
})();
