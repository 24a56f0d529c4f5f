/* The answers about one's situation: kept in this browser for twelve hours at most, filled into the next form, forgotten on
   request, and handed over behind the « # » of an address, which no server sees. Without it every form works as any other. */
const KEPT = "boussole-situation";
const KEPT_MS = 12 * 3600 * 1000; // advisers share computers
const ASK = "boussole-ask"; // the next page of an offer's funding asks by itself
const FRAGMENT = "#situation?";

const forms = () => [...document.querySelectorAll("form.situation")];
const said = () => document.querySelector(".situation-said");
const say = text => { if (said()) said().textContent = text; };
const prefixOf = form => form.dataset.prefix ?? "";

/* The browser may refuse storage: then nothing is kept. */
function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

function forget() {
  try {
    localStorage.removeItem(KEPT);
  } catch {
    // Nothing was kept.
  }
}

function kept() {
  const found = stored();
  if (found && Date.now() - found.at < KEPT_MS && found.at <= Date.now()) return found;
  if (found) forget();
  return null;
}

function keep(answers) {
  try {
    if (Object.keys(answers).length) localStorage.setItem(KEPT, JSON.stringify({ answers, at: Date.now() }));
    else localStorage.removeItem(KEPT);
  } catch {
    // The answers are in the page only.
  }
}

/* The answers in a form, by fact. A session is no answer about a person. */
function answersIn(form) {
  const prefix = prefixOf(form);
  const facts = new Set(form.dataset.facts.split(" "));
  const pairs = [...new FormData(form)].filter(([name, value]) => value && name.startsWith(prefix));
  return Object.fromEntries(pairs.map(([name, value]) => [name.slice(prefix.length), value]).filter(([name]) => facts.has(name)));
}

/* Fill answers in; those to questions that the form does not ask go along unseen. Returns how many there were. */
function fill(form, answers) {
  const facts = form.dataset.facts.split(" ").filter(name => answers[name]);
  for (const name of facts) {
    const field = prefixOf(form) + name;
    if (!form.elements[field]) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: field, className: "situation-unasked" }));
    }
    form.elements[field].value = answers[name];
  }
  return facts.length;
}

function empty(form) {
  for (const field of [...form.elements]) if (field.matches(".situation-unasked")) field.remove();
  for (const name of form.dataset.facts.split(" ")) {
    const field = form.elements[prefixOf(form) + name];
    if (field) field.value = "";
  }
}

const clock = at => new Date(at).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");

/* A form that was not posted yet gets the answers that were given before; one that was posted has its own. */
function begin(form) {
  const found = kept();
  if (found && !("answered" in form.dataset) && fill(form, found.answers)) {
    say(`Vos réponses de ${clock(found.at)} sont reprises\u00a0: elles sont gardées dans ce navigateur, 12\u00a0heures au plus.`);
  }
  for (const button of document.querySelectorAll(".situation-forget")) button.hidden = !found && !("answered" in form.dataset);
}

function forgetAll() {
  forget();
  if (document.querySelector("form.situation[data-answered]")) {
    location.replace(location.pathname + location.search); // the answer goes, too; asked for anew, the page has no person
    return;
  }
  forms().forEach(empty);
  for (const button of document.querySelectorAll(".situation-forget")) button.hidden = true;
  say("Vos réponses sont oubliées.");
}

/* The answer is shown in place: so no entry of the history holds what was posted, and going back needs no question. */
async function ask(form) {
  const read = new DOMParser().parseFromString(await post(form), "text/html");
  const main = read.getElementById("contenu");
  if (!main.querySelector("form.situation")) throw new Error("not a page with questions");
  document.getElementById("contenu").replaceChildren(...main.childNodes);
  beginPage();
  const target = document.querySelector(".error-summary, #titre-reponse");
  if (!target) return;
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView();
}

async function post(form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, {
    method: "POST", body, headers: { Accept: "text/html" }, cache: "no-store", referrerPolicy: "no-referrer",
  });
  return answer.text();
}

/* An address that was handed over: out of sight at once, then asked. What somebody else has answered is not kept here. */
function takeOver() {
  if (!location.hash.startsWith(FRAGMENT)) return;
  const given = new URLSearchParams(location.hash.slice(FRAGMENT.length));
  history.replaceState(history.state, "", location.pathname + location.search);
  const form = document.getElementById("questions");
  if (!form) return;
  empty(form);
  fill(form, Object.fromEntries(given));
  if (form.elements.begin) form.elements.begin.value = given.get("begin") ?? "";
  ask(form).catch(() => form.submit());
}

/* From a result to its dossier: the page is loaded without a person, and asks by itself with what is kept. */
function openDossier(button, event) {
  keep(answersIn(button.form));
  try {
    sessionStorage.setItem(ASK, "yes");
  } catch {
    return; // posted as without script
  }
  event.preventDefault();
  location.assign(button.formAction);
}

function askAtOnce() {
  const form = document.getElementById("questions");
  try {
    if (!form || !sessionStorage.getItem(ASK)) return;
    sessionStorage.removeItem(ASK);
    if ("lost" in form.dataset) return; // another session is chosen first
  } catch {
    return;
  }
  ask(form).catch(() => form.submit());
}

function handOver(button) {
  const form = document.getElementById("questions");
  const pairs = new URLSearchParams(answersIn(form));
  if (form.elements.begin?.value) pairs.set("begin", form.elements.begin.value);
  const session = form.elements.session?.value;
  const query = session ? `?${new URLSearchParams({ session })}` : ""; // of the offer, and nothing about a person
  const box = document.getElementById(button.getAttribute("aria-controls"));
  box.hidden = !box.hidden;
  button.setAttribute("aria-expanded", String(!box.hidden));
  const field = box.querySelector("input");
  field.value = box.hidden ? "" : location.origin + location.pathname + query + FRAGMENT + pairs;
  if (!box.hidden) field.focus();
}

/* The clipboard requires a secure connection; otherwise the address is only selected. */
async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say("Adresse copiée.");
  } catch {
    say(document.execCommand("copy") ? "Adresse copiée." : "L’adresse est sélectionnée\u00a0: copiez-la.");
  }
}

function beginPage() {
  for (const button of document.querySelectorAll(".dossier-print, .dossier-hand-over")) button.hidden = false;
  forms().forEach(begin);
}

document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches("form.situation")) return;
  keep(answersIn(form));
  if (location.pathname === "/offres") return; // exchange.js shows the answer in place
  if (location.pathname === "/selection") {
    form.action = location.pathname + location.search; // with the notes as typed
    return;
  }
  event.preventDefault();
  ask(form).catch(() => form.submit());
});
document.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (button?.matches(".situation-forget")) forgetAll();
  if (button?.matches(".card-paid .paid")) openDossier(button, event);
  if (button?.matches(".dossier-print")) print();
  if (button?.matches(".dossier-hand-over")) handOver(button);
  if (button?.matches(".dossier-copy")) copy(document.getElementById("lien"));
});
document.querySelector(".error-summary")?.focus();
document.addEventListener("boussole:exchanged", beginPage);
takeOver();
beginPage();
askAtOnce();
if (kept()) for (const form of forms()) form.dispatchEvent(new Event("boussole:answers", { bubbles: true }));
