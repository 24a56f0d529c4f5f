/* What WordPress does with the frames of sites that it does not know (wp-embed.js), imitated for tests. */
"use strict";
(() => {
  function receive({ source, data }) {
    if (!data || typeof data.secret !== "string" || /[^a-zA-Z0-9]/.test(data.secret)) return;
    for (const quote of document.querySelectorAll(`blockquote[data-secret="${data.secret}"]`)) quote.style.display = "none";
    for (const frame of document.querySelectorAll(`iframe[data-secret="${data.secret}"]`)) {
      if (source !== frame.contentWindow) continue;
      frame.removeAttribute("style");
      if (data.message === "height") frame.height = Math.min(1000, Math.max(200, parseInt(data.value, 10) || 0));
      if (data.message === "link") {
        const target = new URL(data.value);
        const isOwn = target.host === new URL(frame.src).host && /^https?:$/.test(target.protocol);
        if (isOwn && document.activeElement === frame) window.top.location.href = data.value;
      }
    }
  }

  addEventListener("message", receive);
  document.addEventListener("DOMContentLoaded", () => {
    for (const frame of document.querySelectorAll("iframe.wp-embedded-content")) {
      frame.contentWindow.postMessage({ message: "ready", secret: frame.dataset.secret }, "*");
    }
  });
})();
