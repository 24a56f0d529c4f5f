/* Suggestions below a field: an ARIA 1.2 combobox. Without script it is a plain text field. */
import Combobox from "./vendor/combobox-nav.js";

const WAIT_MS = 120; // after the last letter
const GROUPS = {
  titles: "Formations", jobs: "Métiers", domains: "Domaines", certifications: "Certifications", providers: "Organismes",
};
const KINDS = { town: "commune", postal_code: "code postal", department: "département", region: "région" };
const number = new Intl.NumberFormat("fr-FR");

function element(name, properties, ...content) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...content);
  return made;
}

const counted = (count, one) => `${number.format(count)}\u00a0${one}${count > 1 ? "s" : ""}`;

/* Render the suggestions in groups with headings; places have no group. */
const readers = {
  q: answer => Object.entries(GROUPS).map(([name, title]) => [title, (answer[name] ?? []).map(each => ({
    ...each, told: [each.detail, each.offers ? counted(each.offers, "offre") : ""].filter(Boolean).join(" · "),
  }))]),
  place: answer => [["", answer.places.map(each => ({
    label: each.label, parameter: "place", value: each.label, told: [each.department, KINDS[each.kind]].filter(Boolean).join(" · "),
  }))]],
};

function suggestBelow(input) {
  // Scrollable elements are focusable by default: here the field controls the list.
  const list = element("ul", { id: `${input.id}-propositions`, className: "suggestions", hidden: true, tabIndex: -1 });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Propositions");
  const status = element("p", { className: "visually-hidden" });
  status.setAttribute("role", "status");
  input.closest(".field").append(list, status);
  const combobox = new Combobox(input, list, { tabInsertsSuggestions: false });
  let asked = null; // the pending request; late responses are dropped
  let timer = 0;
  let chosen = null; // the filter of the chosen text, until it is edited

  function hide() {
    if (list.hidden) return;
    list.hidden = true;
    combobox.stop();
    list.replaceChildren();
    status.textContent = "";
  }

  /* Nothing that was asked for opens the list any more. */
  function leave() {
    clearTimeout(timer);
    asked?.abort();
    hide();
  }

  function option(each) {
    const made = element("li", { className: "suggestion" }, element("span", { className: "suggestion-label", textContent: each.label }));
    if (each.told) made.append(" ", element("span", { className: "suggestion-told", textContent: each.told }));
    made.setAttribute("role", "option");
    made.dataset.parameter = each.parameter;
    made.dataset.value = each.value;
    return made;
  }

  function group(title, options, index) {
    if (!title) return options;
    const heading = element("li", { id: `${list.id}-${index}`, className: "suggestions-title", textContent: title });
    heading.setAttribute("role", "presentation");
    const inner = element("ul", {}, heading, ...options);
    inner.setAttribute("role", "group");
    inner.setAttribute("aria-labelledby", heading.id);
    return [inner];
  }

  function show(groups) {
    hide();
    const full = groups.filter(([, rows]) => rows.length);
    const count = full.reduce((sum, [, rows]) => sum + rows.length, 0);
    if (!count || document.activeElement !== input) return;
    list.replaceChildren(...full.flatMap(([title, rows], index) => group(title, rows.map(option), index)));
    list.hidden = false;
    combobox.start();
    status.textContent = `${counted(count, "proposition")}, flèches haut et bas pour choisir`;
  }

  async function ask() {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < Number(input.dataset.from)) return hide();
    const request = new AbortController();
    asked = request;
    try {
      const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: text })}`, { signal: request.signal });
      if (answer.ok && asked === request) show(readers[input.name](await answer.json()));
    } catch (error) {
      if (error.name !== "AbortError") hide(); // the field works without suggestions
    }
  }

  input.addEventListener("input", () => {
    chosen = null;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", event => {
    if (event.key === "Escape" && !list.hidden) event.preventDefault();
    if (event.key === "Tab" || event.key === "Escape") leave();
  });
  input.addEventListener("blur", leave);
  list.addEventListener("pointerdown", event => event.preventDefault()); // the field keeps the focus
  list.addEventListener("combobox-commit", ({ target }) => {
    const { parameter, value } = target.dataset;
    const label = target.querySelector(".suggestion-label").textContent;
    leave();
    input.value = parameter === input.name ? value : label;
    chosen = parameter === input.name ? null : { label, parameter, value };
    status.textContent = `${label}, choisi. Entrée pour chercher, tabulation pour continuer.`;
  });
  // Choosing does not send the form, so that a place can follow. On submission the filter replaces its name.
  input.form.addEventListener("formdata", ({ formData }) => {
    if (chosen?.label !== input.value) return;
    formData.set(input.name, "");
    if (!formData.getAll(chosen.parameter).includes(chosen.value)) formData.append(chosen.parameter, chosen.value);
  });
}

document.querySelectorAll("input[data-suggest]").forEach(suggestBelow);
