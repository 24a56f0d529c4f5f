/* What WordPress does with the frame of a site that it does not know, imitated for tests: sandbox, secret, messages. */
"use strict";
for (const frame of document.querySelectorAll("iframe")) {
  const secret = Math.random().toString(36).slice(2, 12);
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("security", "restricted");
  frame.dataset.secret = secret;
  frame.style.visibility = "hidden";
  frame.src += `#?secret=${secret}`;
  const quote = document.querySelector("blockquote");
  addEventListener("message", ({ source, data }) => {
    if (!data || data.secret !== secret || source !== frame.contentWindow) return;
    if (quote) quote.style.display = "none";
    frame.removeAttribute("style");
    if (data.message === "height") frame.height = Math.max(200, Math.min(1000, parseInt(data.value, 10) || 200));
    if (data.message === "link") {
      const target = new URL(data.value);
      const own = new URL(frame.src);
      if (target.host === own.host && document.activeElement === frame) window.top.location.href = data.value;
    }
  });
}
