/* The configurator: buttons that copy, and the height of the example in the text. */
for (const area of document.querySelectorAll(".copy textarea")) {
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "button button-quiet", textContent: "Copier"
  });
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(area.value);
      said.textContent = "Copié.";
    } catch {
      area.select();
      said.textContent = "Sélectionné\u00a0: copiez avec Ctrl+C.";
    }
  });
  area.after(button, said);
}

/* The example tells how tall the frame is in a column of this width. */
const example = document.querySelector(".widgets-example");
const text = document.getElementById("texte");

function measure(frame) {
  if (frame.style.visibility) return; // not loaded
  const name = frame.clientWidth < 560 ? "data-height-narrow" : "data-height";
  text.value = text.value.replace(new RegExp(`${name}="\\d+"`), `${name}="${Math.round(frame.offsetHeight)}"`);
}

const frame = example && example.querySelector("iframe"); // the loader has run
if (frame && text) {
  frame.addEventListener("load", () => measure(frame));
  new ResizeObserver(() => measure(frame)).observe(frame);
}
