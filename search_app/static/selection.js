/* Picks offers in place and keeps the selection in this browser, until it was not touched for half a day. Without it each
   link leads to the same page with the selection in its address. */
const KEPT = "boussole-selection";
const KEPT_MS = 12 * 3600 * 1000; // advisers share computers
const MOST = 50;
const KEY = /^[a-z2-7]{12}$/;

/* The text in an address: keys separated by dots, each optionally followed by a note between tildes. */
export function read(text) {
  const picks = [];
  text.split("~").forEach((part, number) => {
    if (number % 2) {
      if (picks.length) picks.at(-1).note = part;
      return;
    }
    for (const key of part.split(".")) {
      if (KEY.test(key) && !picks.some(pick => pick.key === key)) picks.push({ key, note: "" });
    }
  });
  return picks.slice(0, MOST);
}

export function write(picks) {
  return picks.map(({ key, note }) => key + (note ? `~${note}~` : "")).join(".");
}

export function kept() {
  const { text = "", at = 0 } = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  return Date.now() - at < KEPT_MS ? read(text) : [];
}

export function keep(picks) {
  if (picks.length) localStorage.setItem(KEPT, JSON.stringify({ text: write(picks), at: Date.now() }));
  else localStorage.removeItem(KEPT);
  show();
}

function shares(some, others) {
  const keys = new Set(others.map(pick => pick.key));
  return some.some(pick => keys.has(pick.key));
}

function merged(first, then) {
  const keys = new Set(first.map(pick => pick.key));
  return [...first, ...then.filter(pick => !keys.has(pick.key))].slice(0, MOST);
}

const said = Object.assign(document.createElement("p"), { id: "selection-said", className: "visually-hidden" });

function say(text) {
  said.textContent = text;
}

const counted = count => `${count}\u00a0offre${count > 1 ? "s" : ""}`;

/* Update links and buttons to the stored selection. */
function show() {
  const picks = kept();
  const keys = new Set(picks.map(pick => pick.key));
  for (const link of document.querySelectorAll(".pick-link")) {
    const picked = keys.has(link.dataset.key);
    link.classList.toggle("pick-in", picked);
    link.setAttribute("role", "button");
    const text = picked ? "Retirer" : "Garder";
    link.querySelector(".pick-text").textContent = text;
    link.setAttribute("aria-label", `${text}\u00a0: ${link.dataset.about}`);
  }
  const bar = document.querySelector(".selection-bar");
  const where = bar?.dataset.where ? `&${bar.dataset.where}` : "";
  const address = picks.length ? `/selection?o=${encodeURIComponent(write(picks))}${where}` : "/selection";
  for (const link of document.querySelectorAll(".selection-link")) link.setAttribute("href", address);
  if (!bar) return;
  bar.hidden = !picks.length;
  bar.querySelector(".selection-count").textContent = counted(picks.length);
}

function toggle(link) {
  const picks = kept();
  const { key, about } = link.dataset;
  const others = picks.filter(pick => pick.key !== key);
  const adds = others.length === picks.length;
  if (adds && picks.length >= MOST) {
    say(`La sélection est pleine\u00a0: ${MOST} offres au plus.`);
    return;
  }
  keep(adds ? [...picks, { key, note: "" }] : others);
  const total = counted(adds ? picks.length + 1 : others.length);
  say(`${adds ? "Ajoutée" : "Retirée"}\u00a0: ${about}. ${total} dans votre sélection.`);
}

/* A selection that came in the address of results or of an offer is kept, and the address need not hold it any more:
   whoever goes back to it later must not find again what they have taken off since. */
function takeFromAddress() {
  const asked = new URLSearchParams(location.search);
  if (!asked.has("selection")) return;
  const given = read(asked.get("selection"));
  const mine = kept();
  keep(!mine.length || shares(given, mine) ? given : merged(mine, given));
  history.replaceState(history.state, "", withoutSelection(location.href));
  for (const link of document.querySelectorAll("a[href*='selection=']")) link.setAttribute("href", withoutSelection(link.href));
  for (const field of document.querySelectorAll("input[name=selection]")) field.remove();
}

function withoutSelection(address) {
  const url = new URL(address);
  url.search = url.search.slice(1).split("&").filter(pair => !pair.startsWith("selection=")).join("&");
  return url.pathname + url.search + url.hash;
}

/* On the page of the selection its address is what holds. Reached from within the site it is one's own, and what one
   changes is kept; from elsewhere it is somebody's, and kept if one says so. */
function takeFromPage() {
  const asked = new URLSearchParams(location.search);
  const mine = kept();
  if (!asked.has("o")) {
    if (mine.length) location.replace(`/selection?o=${encodeURIComponent(write(mine))}`);
    return;
  }
  const form = document.querySelector(".selection-form");
  const given = form ? read(form.dataset.state) : [];
  const inside = document.referrer.startsWith(`${location.origin}/`);
  if (inside && (!given.length || !mine.length || shares(given, mine))) keep(given);
  else if (form) offerToKeep(given);
}

function offerToKeep(given) {
  const button = document.querySelector(".selection-keep");
  const keys = new Set(kept().map(pick => pick.key));
  button.hidden = given.every(pick => keys.has(pick.key));
  button.addEventListener("click", () => {
    keep(merged(kept(), given));
    say(`${counted(kept().length)} dans votre sélection.`);
    document.querySelector("h1").setAttribute("tabindex", "-1");
    document.querySelector("h1").focus();
    button.hidden = true;
  });
}

/* The clipboard requires a secure connection; otherwise the address is only selected. */
async function copy(button) {
  const field = document.getElementById(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say("Adresse copiée.");
    button.textContent = "Adresse copiée";
  } catch {
    const done = document.execCommand("copy");
    say(done ? "Adresse copiée." : "L’adresse est sélectionnée\u00a0: copiez-la.");
  }
}

function begin() {
  said.setAttribute("role", "status");
  document.body.append(said);
  if (location.pathname === "/selection") takeFromPage();
  else takeFromAddress();
  show();
  document.addEventListener("click", event => {
    const link = event.target.closest(".pick-link");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    toggle(link);
  });
  document.addEventListener("keydown", event => {
    if (event.key !== " " || !event.target.matches(".pick-link")) return;
    event.preventDefault();
    toggle(event.target);
  });
  document.addEventListener("boussole:exchanged", show);
  document.addEventListener("boussole:picks", show); // links that a script has made
  addEventListener("storage", event => event.key === KEPT && show());
  addEventListener("pageshow", event => event.persisted && show());
}

function beginHandOver() {
  const shares = document.querySelector(".share");
  for (const button of document.querySelectorAll(".copy, .print")) button.hidden = false;
  if (shares) shares.hidden = !navigator.share;
  shares?.addEventListener("click", () => {
    const { value: url } = document.getElementById(shares.dataset.shares);
    navigator.share({ title: document.title, url }).catch(() => {}); // refused or cancelled: the other ways stay
  });
  document.querySelector(".copy")?.addEventListener("click", ({ target }) => copy(target));
  document.querySelector(".print")?.addEventListener("click", () => print());
}

beginHandOver();
try {
  begin(); // if the browser refuses storage, the links work as without script
} catch (error) {
  if (error.name !== "SecurityError" && error.name !== "QuotaExceededError") throw error;
}
