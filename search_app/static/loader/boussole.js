/* Turns each link with data-boussole into a frame of the site that this script comes from. Without it they stay links.
   Its text is served as it was released: after a change run `python -m search_app.pages.widgets.loader`. */
(() => {
  "use strict";
  const LEAST = 80;
  const MOST = 5000;
  const USUAL = 400;
  const NARROW = 560;
  const { origin } = new URL(document.currentScript.src);
  const once = Symbol.for(`boussole ${origin}`);
  if (window[once]) return;
  window[once] = true;
  const sizesItself = CSS.supports("frame-sizing", "content-height");
  const frames = new Map(); // frame → the address that it will have
  let number = 0;
  let observer;

  const isHeight = value => Number.isFinite(value) && value >= LEAST && value <= MOST;

  /* The frame's address; none if the link leads elsewhere, or to a page that its kind does not show. */
  function addressOf({ href, dataset }) {
    const { origin: site, pathname, searchParams } = new URL(href, location);
    const kind = dataset.boussole;
    const page = /^\/offres(?:\/([^/]+)\/?)?$/.exec(pathname);
    const key = page && page[1];
    if (site !== origin || !page || !(key ? /^(offre|places)$/ : /^(recherche|liste)$/).test(kind)) return "";
    if (key) searchParams.set("key", decodeURIComponent(key));
    for (const name of ["accent", "corners", "scheme"]) if (dataset[name]) searchParams.set(name, dataset[name]);
    return `${origin}/widgets/1/${kind}?${searchParams}`;
  }

  function turn(link) {
    let address;
    try {
      address = addressOf(link);
    } catch {
      return; // no address that can be read; the other links still count
    }
    if (!address || link === document.activeElement) return;
    const { dataset } = link;
    const box = document.createElement("span");
    const frame = document.createElement("iframe");
    do frame.id = link.id || `boussole-${++number}`;
    while (!link.id && document.getElementById(frame.id));
    frame.title = link.textContent.trim() || "Boussole";
    /* Hidden until it is loaded: an empty frame is a white one. */
    Object.assign(frame.style, { display: "block", width: "100%", border: 0, visibility: "hidden" });
    frame.style.colorScheme = /^(light|dark)$/.test(dataset.scheme) ? dataset.scheme : "light dark";
    box.style.display = "block";
    box.append(frame);
    link.replaceWith(box);
    const narrow = box.clientWidth < NARROW && dataset.heightNarrow;
    const height = `${[narrow, dataset.height, USUAL].map(Number).find(isHeight)}px`;
    /* A frame that sizes itself must never have had a height: its box reserves one. */
    if (sizesItself) {
      Object.assign(frame.style, { minHeight: `${LEAST}px`, maxHeight: `${MOST}px`, frameSizing: "content-height" });
    } else {
      frame.style.height = height;
    }
    box.style.minHeight = height;
    frames.set(frame, address);
    observer.observe(frame);
  }

  function load(frame) {
    observer.unobserve(frame);
    frame.onload = () => {
      frame.style.visibility = frame.parentNode.style.minHeight = "";
    };
    frame.src = frames.get(frame);
  }

  /* Frames are requested when they are seen; once the reader scrolls, a little earlier. */
  function observe(rootMargin) {
    if (observer) observer.disconnect();
    observer = new IntersectionObserver(
      seen => seen.forEach(({ isIntersecting, target }) => isIntersecting && load(target)), { rootMargin }
    );
    for (const frame of frames.keys()) if (!frame.src) observer.observe(frame);
  }

  const turnAll = () => document.querySelectorAll("a[data-boussole]").forEach(turn);

  observe("0px");
  addEventListener("scroll", () => observe("500px"), { capture: true, once: true, passive: true });
  if (!sizesItself) {
    addEventListener("message", ({ source, origin: sender, data }) => {
      if (sender !== origin || !data || data.message !== "height" || !isHeight(data.value)) return;
      for (const frame of frames.keys()) if (frame.contentWindow === source) frame.style.height = `${data.value}px`;
    });
  }
  turnAll();
  new MutationObserver(turnAll).observe(document, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-boussole"]
  });
})();
