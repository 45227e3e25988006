// Plays what happens on a page: chat, captions, pinned products, in-page navigation, endless scroll.
//
// <script type="application/json" id="timeline"> holds {goods, lines, flood}; how an event looks is the page's own
// <template data-event="chat" data-into="CSS selector">, whose [data-text="name"] and the like are filled in.
// ?speed=4 plays four times as fast, ?speed=0 waits for timeline.step().
"use strict";

(() => {
  const block = document.getElementById("timeline");
  const { goods = [], lines = [], flood = null } = block ? JSON.parse(block.textContent) : {};
  const asked = new URLSearchParams(location.search).get("speed");
  const speed = asked === null ? 1 : Number(asked);
  const viewers = ["khach_mua_khuya", "meo_luoi_88", "be_na_an_vat", "chu_tu_o_que", "co_giao_ve_huu"];
  let next = 0;
  let said = 0;
  let loaded = 0;

  function templateFor(what, who) {
    const one = (selector) => document.querySelector(`template[data-event="${what}"]${selector}`);
    return (who && one(`[data-who="${who}"]`)) || one(":not([data-who])");
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

  function show(template, values) {
    const into = document.querySelector(template.dataset.into);
    if (!into) return;
    const fragment = fill(template.content.cloneNode(true), values);
    if (template.dataset.how === "replace") into.replaceChildren(fragment);
    else into.append(fragment);
    const keep = Number(template.dataset.keep ?? Infinity);
    while (into.children.length > keep) into.firstElementChild.remove();
    if (template.dataset.keep) into.scrollTop = into.scrollHeight;
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

  function pour(perSecond = flood?.per_second ?? 50, seconds = flood?.seconds ?? 60) {
    const text = flood?.text ?? ["…"];
    const ends = performance.now() + seconds * 1000;
    const starts = performance.now();
    let poured = 0;
    const timer = setInterval(() => {
      const now = performance.now();
      for (; poured < ((Math.min(now, ends) - starts) * perSecond) / 1000; poured += 1) {
        play({ what: "chat", who: "viewer", text: `${text[poured % text.length]} ${poured}` });
      }
      if (now >= ends) clearInterval(timer);
    }, 1000 / perSecond);
  }

  // Not `const`: tests and the console reach it as window.timeline.
  window.timeline = { step, play, load, pour, get left() { return lines.length - next; } };

  const edge = document.querySelector("[data-load-here]");
  if (edge) new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && load()).observe(edge);
  if (speed > 0) {
    for (const line of lines) setTimeout(() => line === lines[next] && step(), line.at / speed);
    if (flood) pour();
  }
})();
