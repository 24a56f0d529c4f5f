/* A frame that tells its height to the page around it; in a sandbox without forms and windows (WordPress) links are
   handed to that page. */
"use strict";
(() => {
  const root = document.documentElement;

  /* WordPress puts its secret into the address, sometimes after the frame was loaded. */
  function tell(message, value) {
    const secret = new URLSearchParams(location.hash.replace(/^#\??/, "")).get("secret");
    parent.postMessage(secret ? { message, value, secret } : { message, value }, "*");
  }

  function tellHeight() {
    const height = Math.ceil(root.getBoundingClientRect().height);
    tell("height", height);
    try {
      if (window.requestResize) window.requestResize();
    } catch {
      // the page around it sizes it by messages
    }
  }

  if (parent === window) return;
  /* Observers sleep in hidden frames, and WordPress hides this one until it has told its height. */
  tellHeight();
  addEventListener("load", tellHeight);
  new ResizeObserver(tellHeight).observe(root);
  addEventListener("message", ({ source, data }) => {
    if (source === parent && data && data.message === "ready") tellHeight();
  });

  if (window.origin !== "null") return;
  for (const form of document.forms) form.hidden = true;
  for (const link of document.querySelectorAll("[data-instead]")) link.hidden = false;
  for (const link of document.querySelectorAll("a:not([href^='/'])")) link.removeAttribute("href");
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    tell("link", link.href);
  });
})();
