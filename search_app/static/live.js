/* Updates the seats on a page in place. Without it the page says when they were read. */
"use strict";
(() => {
  let leave = () => {};

  /* After results are replaced, follow their sessions from their own number. */
  document.addEventListener("boussole:exchanged", () => {
    leave();
    leave = follow() ?? (() => {});
  });

  /* Follow the seats on the page; returns a function that stops. */
  function follow() {
    const ANNOUNCE_MS = 5000; // between two announcements, so that a screen reader can read other content
    const MOST_SAID = 3; // changes announced one by one
    const MARKED_MS = 6000;
    const JUST_NOW_MS = 120000;
    const JUST_NOW = "à l’instant";
    const LIVE = "Places mises à jour en direct";

    const note = document.querySelector(".live-note");
    const lists = new Map();
    for (const list of document.querySelectorAll("[data-session]")) {
      const key = list.dataset.session;
      lists.set(key, [...(lists.get(key) ?? []), list]);
    }
    if (!note || !lists.size || !window.EventSource) return;
    const said = document.getElementById("live-said");
    const contradictions = document.getElementById("live-contradictions").content.children;
    const sequences = new Map();
    let after = Number(note.dataset.after);

    function element(name, className, ...content) {
      const made = document.createElement(name);
      if (className) made.className = className;
      made.append(...content);
      return made;
    }

    /* Figures of a session in a list of results, by funder; those without a number are withdrawn. */
    const figuresOf = list => new Map(list.dataset.figures.split(" ").filter(Boolean).map(figure => figure.split(":")));
    const mostOf = numbers => {
      const known = numbers.filter(number => number !== "-").map(Number);
      return known.length ? Math.max(...known) : null;
    };

    /* Display the most seats under the funders asked for, under any if none is; returns whether the text changed. */
    function changeShort(list, seats) {
      const figures = figuresOf(list).set(seats.funder, String(seats.available ?? "-"));
      list.dataset.figures = [...figures].map(figure => figure.join(":")).join(" ");
      const chosen = list.dataset.chosen.split(" ").filter(Boolean);
      const most = mostOf([...figures].filter(([funder]) => !chosen.length || chosen.includes(funder)).map(each => each[1]));
      const text = most ? `${most}\u00a0place${most > 1 ? "s" : ""}` : most === 0 ? "Complet" : "Places\u00a0: à demander";
      const line = list.firstElementChild;
      const before = line.querySelector(".seat-text").textContent;
      line.className = `seat seat-${most ? "some" : most === 0 ? "none" : "unknown"}`;
      line.replaceChildren(element("span", "seat-text", text));
      contradict(list, most || mostOf([...figures.values()]));
      return mark(line, before !== text);
    }

    function mark(line, changed) {
      if (!changed) return false;
      line.classList.add("seat-changed");
      setTimeout(() => line.classList.remove("seat-changed"), MARKED_MS);
      return true;
    }

    /* Display a figure in the list of its session; returns whether its text changed. */
    function change(list, seats) {
      if ("figures" in list.dataset) return changeShort(list, seats);
      const lines = [...list.children];
      let line = lines.find(each => each.dataset.funder === seats.funder);
      if (!line) {
        if (list.hasAttribute("data-cut")) return false;
        line = lines.find(each => !("funder" in each.dataset)) ?? list.appendChild(element("li"));
      }
      const before = line.querySelector(".seat-text")?.textContent;
      const time = element("time", seats.old && "seat-old", seats.age);
      time.dateTime = seats.observed_at;
      line.className = `seat seat-${seats.tone}`;
      line.dataset.funder = seats.funder;
      if (seats.available === null) delete line.dataset.available;
      else line.dataset.available = seats.available;
      const compact = seats.short + (seats.available && seats.capacity ? ` sur ${seats.capacity}` : "");
      const text = list.dataset.form === "compact" ? compact : seats.text;
      line.replaceChildren(element("span", "seat-text", text), " ", element("span", "seat-detail", `${seats.label}, `, time));
      if (seats.age.endsWith(JUST_NOW)) {
        setTimeout(() => (time.textContent = time.textContent.replace(JUST_NOW, "aujourd’hui")), JUST_NOW_MS);
      }
      if (!list.hasAttribute("data-cut")) {
        contradict(list, mostOf([...list.children].map(each => each.dataset.available ?? "-")));
      }
      return mark(line, before !== text);
    }

    /* Add or remove the notes on contradictions of state and seats; `left` is null if no figure is known. */
    function contradict(list, left) {
      const { recruiting } = list.dataset;
      const which = recruiting === "open" && left === 0 ? 0 : recruiting === "closed" && left > 0 ? Math.min(left, 2) : -1;
      list.parentElement.querySelector(".contradiction")?.remove();
      if (which < 0) return;
      const note = contradictions[which].cloneNode(true);
      note.lastChild.data = note.lastChild.data.replace("{}", left);
      list.after(note);
    }

    /* The offer's summary repeats the seats of its next session. */
    function summarize(key) {
      const [first, ...others] = document.querySelectorAll(`[data-seats-of="${key}"]`);
      if (!first) return;
      const lines = lists.get(key).flatMap(list => [...list.children]);
      const texts = lines.map(line => {
        const text = line.querySelector(".seat-text").textContent;
        const funder = line.querySelector(".seat-detail")?.textContent.split(",")[0];
        return lines.length > 1 && funder ? `${text} (${funder})` : text;
      });
      others.forEach(each => each.remove());
      const made = [...new Set(texts)].map(text => {
        const value = element("dd", "", text);
        value.dataset.seatsOf = key;
        return value;
      });
      first.replaceWith(...made);
    }

    const waiting = new Map();
    let announced = -Infinity;
    let timer = 0;

    function announce(list, seats) {
      const title = (list.closest(".card")?.querySelector(".card-title") ?? document.querySelector("h1")).textContent;
      waiting.set(`${seats.key} ${seats.funder}`, `${seats.text}\u00a0: ${title.trim()}, ${list.dataset.about}`);
      clearTimeout(timer);
      timer = setTimeout(say, Math.max(0, announced + ANNOUNCE_MS - performance.now()));
    }

    function say() {
      const texts = [...new Set(waiting.values())];
      said.textContent = texts.length > MOST_SAID ? `Places mises à jour pour ${texts.length} sessions` : texts.join(". ");
      waiting.clear();
      announced = performance.now();
    }

    function receive({ state, seats, number }) {
      if (state) {
        tellState(state);
        return;
      }
      after = number;
      const pair = `${seats.key} ${seats.funder}`;
      if (sequences.get(pair) >= seats.sequence) return;
      sequences.set(pair, seats.sequence);
      const changed = (lists.get(seats.key) ?? []).filter(list => change(list, seats));
      summarize(seats.key);
      if (changed.length) announce(changed[0], seats);
    }

    let followed = false;
    const now = () => {
      const moment = new Date();
      return `${moment.getHours()}\u00a0h\u00a0${String(moment.getMinutes()).padStart(2, "0")}`;
    };
    function tellState(state) {
      if (state === "open") note.textContent = LIVE;
      else if (followed) {
        note.textContent = `Places relevées à ${now()}\u00a0; le suivi en direct reprendra dès que possible`;
      }
      followed = state === "open";
    }

    /* A printed page states when its seats were read. */
    const day = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long" });
    const today = () => day.format(new Date()).replace(/^1 /, "1er ");
    const onPaper = () => followed && (note.textContent = `Places relevées le ${today()} à ${now()}`);
    const onScreen = () => followed && (note.textContent = LIVE);
    addEventListener("beforeprint", onPaper);
    addEventListener("afterprint", onScreen);

    const sessions = [...lists.keys()];

    function shareOneStream() {
      const { port } = new SharedWorker(note.dataset.worker);
      port.onmessage = ({ data }) => receive(data);
      const want = () => port.postMessage({ sessions, after });
      const drop = () => port.postMessage(null);
      const comeBack = event => event.persisted && want();
      addEventListener("pagehide", drop);
      addEventListener("pageshow", comeBack);
      want();
      return () => {
        drop();
        port.onmessage = null;
        removeEventListener("pagehide", drop);
        removeEventListener("pageshow", comeBack);
      };
    }

    /* Without SharedWorker each tab has its own stream, closed while the tab is hidden. */
    function haveOneStream() {
      let stream = null;
      const follow = () => (document.hidden ? stream?.drop(note) : stream?.want(note, sessions, after));
      const begin = () => {
        stream = new SeatStream((_, message) => receive(message));
        follow();
      };
      document.addEventListener("visibilitychange", follow);
      if (window.SeatStream) begin();
      else document.head.append(Object.assign(element("script"), { src: note.dataset.worker, onload: begin }));
      return () => {
        document.removeEventListener("visibilitychange", follow);
        stream?.drop(note);
        stream = null;
      };
    }

    /* A sandboxed frame (an origin of its own) may not have one. */
    const stop = window.SharedWorker && window.origin !== "null" ? shareOneStream() : haveOneStream();
    return () => {
      stop();
      removeEventListener("beforeprint", onPaper);
      removeEventListener("afterprint", onScreen);
    };
  }

  leave = follow() ?? leave;
})();
