/* A note counts while it is typed: the address that is handed over, that of this page and what the browser keeps hold it
   before anybody saves. Whether it fits the server says when it is saved; until then what fitted last stays. */
import { keep, kept, read, write } from "./selection.js";

const form = document.querySelector(".selection-form");

/* Encode as the server does, so that texts in addresses can be compared and replaced. */
function inAddress(text) {
  return `=${new URLSearchParams({ o: text }).toString().slice(2).replaceAll("%7E", "~").replaceAll("*", "%2A")}`;
}

const clean = note => note.replaceAll("~", "-").split(/\s+/).filter(Boolean).join(" ");

function typedPicks() {
  const picks = read(form.dataset.state);
  form.querySelectorAll("textarea").forEach((field, number) => {
    picks[number].note = clean(field.value);
    field.closest("td").querySelector(".print-only").textContent = picks[number].note || "–";
  });
  return picks;
}

function handOver(before, after) {
  for (const link of document.querySelectorAll("main a[href]")) {
    const href = link.getAttribute("href");
    const mail = href.replaceAll(encodeURIComponent(before), encodeURIComponent(after));
    link.setAttribute("href", href.startsWith("mailto:") ? mail : href.replaceAll(before, after));
  }
  const field = document.getElementById("adresse");
  field.value = field.value.replaceAll(before, after);
  document.querySelector(".hand-over-address").textContent = field.value;
  history.replaceState(history.state, "", location.pathname + new URL(field.value).search + location.hash);
}

function keepOwn(picks) {
  const keys = these => these.map(pick => pick.key).join(".");
  try {
    if (keys(kept()) === keys(picks)) keep(picks);
  } catch {
    // If the browser refuses storage, the note is in the address only.
  }
}

function change() {
  const picks = typedPicks();
  const text = write(picks);
  if (inAddress(text).length - 1 > Number(form.dataset.room)) return;
  handOver(inAddress(form.dataset.state), inAddress(text));
  form.dataset.state = form.elements.o.value = text;
  keepOwn(picks);
}

if (form) {
  document.querySelector(".unsaved").remove(); // this message is for readers without script
  document.getElementById("adresse").removeAttribute("aria-describedby");
  form.addEventListener("input", event => event.target.matches("textarea") && change());
}
