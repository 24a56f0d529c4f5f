/* Results change in place: only what differs is exchanged, and address, back button, focus and scroll stay right.
   Whatever goes wrong, the browser goes there itself. */
/* global Idiomorph */
const WAIT_MS = 200; // after the last change of a filter
const BUSY_MS = 300; // shorter requests are not shown as busy
const LIBRARY = "./idiomorph.min.js"; // brought when the first results are exchanged
const RELATED = "link[rel=alternate], link[rel=canonical]";
const BOXES = ["upcoming", "recruiting"]; // beside the questions: parameters of the search, in the address
let asked = null;
let timer = 0;
let shown = location.pathname + location.search;

const main = () => document.getElementById("contenu");
const results = () => document.getElementById("resultats");
const head = () => document.getElementById("titre-resultats");

/* The form with the reader's situation, if these results are for it: it is posted, and in no address. */
const situation = () => document.querySelector("form.situation[data-answered]");

function asking(person) {
  if (!person) return {};
  const body = new URLSearchParams(new FormData(person));
  for (const name of BOXES) body.delete(name);
  return { method: "POST", body, cache: "no-store", referrerPolicy: "no-referrer" };
}

/* The target address of the form's button, without empty parameters and the situation. */
function addressOf(form) {
  const pairs = [...new FormData(form)].filter(([name, value]) => value !== "" && !name.startsWith("person."));
  return `${form.getAttribute("action")}?${new URLSearchParams(pairs)}`;
}

/* The search of a form with a situation; its boxes are parameters as any others. */
function situationAddress(form) {
  const address = new URL(form.action);
  for (const name of BOXES) {
    const box = form.elements[name];
    if (box?.checked) address.searchParams.set(name, box.value);
  }
  return address.pathname + address.search;
}

const keeps = {
  // Open disclosures stay open, and elements changed by scripts are kept.
  beforeAttributeUpdated: (name, node) =>
    !(name === "open" && node.matches("details")) && !(name !== "value" && node.matches("[role=combobox], .around")),
  // The map's own script updates it; answers about a situation are the reader's, sent or not.
  beforeNodeMorphed: node =>
    !(node instanceof Element && node.matches(".map-ground, .map-status, .map-groups, :is(input, select)[form=situation], .situation-unasked")),
  beforeNodeRemoved: node => !(node instanceof Element && node.matches(".suggestions, .field > [role=status]")),
};

let brought = null;
function bringLibrary() {
  brought ??= new Promise((done, fail) => {
    document.head.append(Object.assign(document.createElement("script"), { src: LIBRARY, onload: done, onerror: fail }));
  });
  return brought;
}

async function load(address, { push = true, top = null, focus = false, person = situation() } = {}) {
  clearTimeout(timer); // a filter that was changed just before does not overtake a link
  asked?.abort();
  const request = new AbortController();
  asked = request;
  const busy = setTimeout(() => main().setAttribute("aria-busy", "true"), BUSY_MS);
  try {
    const [answer] = await Promise.all([
      fetch(address, { signal: request.signal, headers: { Accept: "text/html" }, ...asking(person) }), bringLibrary(),
    ]);
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked !== request) return;
    if (!read.getElementById("resultats")) throw new Error("not a page of results");
    if (push) {
      history.replaceState({ top: scrollY }, "");
      history.pushState({ top: 0 }, "", address);
    }
    show(read, { top, focus });
  } catch (error) {
    if (error.name !== "AbortError") go(address, person);
  } finally {
    clearTimeout(busy);
    if (asked === request) main().removeAttribute("aria-busy");
  }
}

function go(address, person) {
  if (!person) {
    location.assign(address);
    return;
  }
  for (const name of BOXES) {
    if (person.elements[name]) person.elements[name].disabled = true;
  }
  person.action = address;
  person.submit();
}

function show(read, { top, focus }) {
  shown = location.pathname + location.search;
  document.title = read.title;
  Idiomorph.morph(main(), read.getElementById("contenu"), {
    morphStyle: "outerHTML",
    ignoreActiveValue: !focus && document.activeElement.matches("[type=text], [type=date]"), // keep the text being typed
    callbacks: keeps,
  });
  for (const old of document.head.querySelectorAll(RELATED)) old.remove(); // feed readers follow the current search
  document.head.append(...read.head.querySelectorAll(RELATED));
  for (const script of read.head.querySelectorAll("script[src]")) bring(script);
  if (top !== null) scrollTo({ top, behavior: "instant" });
  for (const menu of document.querySelectorAll(".sorts, .band")) menu.open = false;
  if (focus) results().focus({ preventScroll: true });
  const count = tell();
  document.getElementById("exchange-said").textContent = count;
  document.dispatchEvent(new Event("boussole:exchanged"));
}

/* Pages with seats need an additional script. */
function bring(script) {
  const address = script.getAttribute("src");
  if ([...document.scripts].some(each => each.getAttribute("src") === address)) return;
  const made = Object.assign(document.createElement("script"), { src: address, type: script.type });
  document.head.append(made);
}

/* On a phone, the button that closes the filters shows the number of results. */
function tell() {
  const count = head()?.querySelector(".count")?.textContent ?? "";
  const button = document.querySelector(".apply .button");
  if (button && count) button.textContent = `Afficher les résultats (${count})`;
  return count;
}

function soon(form) {
  clearTimeout(timer);
  timer = setTimeout(() => load(addressOf(form)), WAIT_MS);
}

/* A link, or the button in its place where the situation is sent along. */
function wayOf(target) {
  const way = target.closest("#contenu :is(a[href], button[formaction])");
  return way && { way, link: way.matches("a") ? way : new URL(way.formAction) };
}

/* The map needs its own library and style: switching to or from it loads the page. */
function isSearch(link) {
  const view = address => new URLSearchParams(address.search).get("view");
  return link.origin === location.origin && link.pathname === "/offres" && view(link) === view(location) && !link.hash
    && !link.download && !link.target;
}

/* What a form asks for; on a phone its filters close, because results come first. */
async function loadOf(address, person = situation()) {
  const filters = document.querySelector("form.search .filters");
  const narrow = filters && getComputedStyle(filters.querySelector(".filters-toggle")).display !== "none";
  if (narrow) filters.open = false;
  await load(address, { focus: true, person });
  if (narrow) head().scrollIntoView();
}

function begin() {
  history.scrollRestoration = "manual";
  document.documentElement.classList.add("exchanges");
  const said = Object.assign(document.createElement("p"), { id: "exchange-said", className: "visually-hidden" });
  said.setAttribute("role", "status");
  document.body.append(said);
  tell();

  document.addEventListener("change", ({ target }) => {
    const form = target.form;
    if (form?.matches("form.search") && (target.closest(".filters") || target.matches("select"))) soon(form);
  });
  document.addEventListener("submit", event => {
    if (event.target.matches("form.situation")) {
      if (event.submitter?.hasAttribute("formaction")) return; // a link of these results, or of an offer
      event.preventDefault();
      document.querySelector(".filters .situation-panel").open = false;
      document.querySelector(".filters-in").scrollTop = 0; // who pays is a filter now, and the first one
      loadOf(situationAddress(event.target), event.target);
    } else if (event.target.matches("form.search")) {
      event.preventDefault();
      loadOf(addressOf(event.target));
    }
  });
  document.addEventListener("click", event => {
    const { way, link } = wayOf(event.target) ?? {};
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (!isSearch(link)) return;
    event.preventDefault();
    const top = way.closest(".paging") ? head().offsetTop : null;
    load(link.href, { focus: true, top, ...("withoutPerson" in way.dataset ? { person: null } : {}) });
  });
  document.addEventListener("keydown", event => {
    const menu = event.key === "Escape" && event.target.closest(".sorts[open], .menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", ({ target }) => {
    for (const menu of document.querySelectorAll(".sorts[open], .menu[open]")) if (!menu.contains(target)) menu.open = false;
  });
  addEventListener("popstate", ({ state }) => {
    if (location.pathname + location.search === shown) return; // another part of the same page
    load(location.href, { push: false, top: state?.top ?? 0 });
  });
  addEventListener("pagehide", () => history.replaceState({ top: scrollY, person: Boolean(situation()) }, ""));
  // Whoever comes back to results for a situation that is still kept gets them again.
  document.addEventListener("boussole:answers", ({ target }) => {
    if (history.state?.person) load(location.href, { push: false, top: history.state.top, person: target });
  });
  if (history.state?.top) scrollTo({ top: history.state.top, behavior: "instant" });
}

if (results() && document.querySelector("form.search")) begin();
