/* Shows the results on a map, counted per grid cell by the server. Without it the list and the départements are shown. */
const CELL_PX = 64; // same as on the server: a quarter of a tile
const LAND_PX = 8; // of the squares that the server calls land
const LARGEST_MARKER_PX = 44;
const BESIDE_PX = 2; // from a group to its name
const DOT_PX = 4; // from the middle of a town's dot to its name
const ROOM_PX = 3; // between names, and from a town's name to a group that is not its own
const ONE_TOWN_KM = 15; // of a group's circle: a town and what is around it
const TRUE_PLACES_FROM = 15; // zoom: from here on a marker is exactly at the position of its offers
const ASIDE_PX = 64; // of the zoom buttons, which a popup does not meet
const NEAREST = 18;
const FURTHEST = 2;
const MOST_ROWS = 40;
const FRANCE = [[41.3, -5.3], [51.2, 9.7]];
const WIDEST = 30; // degrees: results on both sides of an ocean are first shown in metropolitan France
const OVERSEAS = { // results on both sides of an ocean: one click away
  "Métropole": FRANCE, "Guadeloupe": [[15.8, -61.85], [16.55, -60.95]], "Martinique": [[14.35, -61.27], [14.92, -60.78]],
  "Guyane": [[2.1, -54.65], [5.8, -51.6]], "La Réunion": [[-21.42, 55.2], [-20.85, 55.85]],
  "Mayotte": [[-13.05, 44.98], [-12.6, 45.33]],
};
const OUTLINES = "./vendor/france.json"; // départements, TopoJSON
const OUTLINES_UP_TO = 10; // zoom: they are true to within a kilometre
const STEP = 0.25; // of the zoom without tiles, which exist for whole numbers: the results fill the frame
const POSITION = /^#carte=(\d+(?:\.\d+)?)\/(-?[\d.]+)\/(-?[\d.]+)$/;
const NBSP = "\u00a0";

const L = window.L;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function link(text, href) {
  const made = element("a", "", text);
  made.href = href;
  return made;
}

const figure = number => number.toLocaleString("fr-FR");
const offers = number => `${figure(number)}${NBSP}offre${number > 1 ? "s" : ""}`;

/* A group wider than a town is labelled as being around the town. */
const isOneTown = cell => Boolean(cell.name) && cell.around.radius <= ONE_TOWN_KM;

function of(name) {
  if (/^Les? /.test(name)) return name.replace(/^Le(s?) /, (_, many) => (many ? "des " : "du "));
  return /^[aàâeéèêiîïoôuùûyœæ]/i.test(name) ? `d’${name}` : `de ${name}`;
}

function nameOf(cell) {
  if (!cell.name) return offers(cell.count);
  return isOneTown(cell) ? `${offers(cell.count)}, ${cell.name}` : `${offers(cell.count)} autour ${of(cell.name)}`;
}

/* Possible positions of a name: beside its object, given the object's size from its middle. */
const BELOW = (width, height, far) => [-width / 2, far];
const ABOVE = (width, height, far) => [-width / 2, -far - height];
const RIGHT = (width, height, far) => [far, -height / 2];
const LEFT = (width, height, far) => [-far - width, -height / 2];

const around = ({ x, y }, far) => ({ left: x - far, top: y - far, right: x + far, bottom: y + far });

function meet(one, other, apart = 0) {
  return one.left < other.right + apart && other.left < one.right + apart
    && one.top < other.bottom + apart && other.top < one.bottom + apart;
}

const sizeOf = cell => Math.min(LARGEST_MARKER_PX, 28 + 4 * String(cell.count).length);

function isOnePoint({ bounds }) {
  return bounds.south === bounds.north && bounds.west === bounds.east;
}

class OfferMap {
  constructor(pane) {
    this.pane = pane;
    this.ground = pane.querySelector(".map-ground");
    this.status = pane.querySelector(".map-status");
    this.groups = pane.querySelector(".map-groups");
    const { tiles, attribution } = pane.dataset;
    this.ground.hidden = false;
    this.status.textContent = "La carte se prépare…";
    this.map = L.map(this.ground, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false,
      minZoom: FURTHEST, maxZoom: NEAREST, maxBounds: [[-85, -180], [85, 180]], maxBoundsViscosity: 1,
      fadeAnimation: !calm, zoomAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
    });
    this.tiles = Boolean(tiles);
    this.map.options.zoomSnap = this.tiles ? 1 : STEP;
    if (this.tiles) L.tileLayer(tiles, { maxZoom: NEAREST, noWrap: true }).addTo(this.map);
    if (attribution) L.control.attribution({ prefix: false }).addAttribution(plain(attribution)).addTo(this.map);
    L.control.zoom({ position: "topleft", zoomInTitle: "Agrandir la carte", zoomOutTitle: "Réduire la carte" }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.names = L.layerGroup().addTo(this.map);
    this.markers = L.layerGroup().addTo(this.map);
    this.elements = new Map();
    this.listen();
  }

  /* The zoom for which the server counts: cells are at least as large as there. */
  get level() {
    return Math.floor(this.map.getZoom() + STEP / 8);
  }

  listen() {
    this.ground.setAttribute("role", "group");
    this.ground.setAttribute("aria-label", "Carte. Flèches : déplacer, plus et moins : échelle, tabulation : groupes d’offres.");
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    this.map.on("moveend", () => this.moved());
    this.map.on("popupclose", () => this.skipCovered());
    this.ground.addEventListener("keydown", event => {
      if (event.key === "Escape" && this.popup?.isOpen()) {
        event.stopPropagation();
        this.closePopup();
      }
    });
    window.addEventListener("hashchange", () => this.ground.isConnected && this.goToAddress());
  }

  /* The initial view: from the address, else around the search point, else around the results. */
  async begin() {
    this.drawCircle();
    this.drawOutlines();
    if (this.goToAddress()) return;
    const { lat, lon, radius } = this.pane.dataset;
    if (radius) {
      this.map.fitBounds(L.latLng(lat, lon).toBounds(radius * 2000), { animate: false });
      return;
    }
    const whole = await this.ask({ zoom: FURTHEST });
    if (!whole) {
      this.map.fitBounds(FRANCE, { animate: false });
      return;
    }
    const extent = whole.extent;
    const wide = !extent || extent.east - extent.west > WIDEST;
    if (extent && wide) this.offerOverseas();
    const area = wide ? FRANCE : [[extent.south, extent.west], [extent.north, extent.east]];
    // No further margin: on a phone it would halve the size of the country.
    this.map.fitBounds(area, { animate: false, padding: wide ? [0, 0] : [24, 24], maxZoom: 13 });
  }

  /* Buttons to the parts of France that results on both sides of an ocean are in. */
  offerOverseas() {
    if (this.parts) return;
    const buttons = Object.entries(OVERSEAS).map(([name, area]) => {
      const button = element("button", "map-part", name);
      button.type = "button";
      button.addEventListener("click", () => this.map.fitBounds(area, { animate: false }));
      return button;
    });
    this.parts = element("div", "map-parts", ...buttons);
    this.parts.setAttribute("role", "group");
    this.parts.setAttribute("aria-label", "Aller à une partie de la carte");
    this.ground.after(this.parts);
  }

  /* The départements, once: below everything else, where there are no tiles. */
  async drawOutlines() {
    if (this.tiles || this.outlines) return;
    this.outlines = L.layerGroup();
    try {
      const answer = await fetch(OUTLINES);
      if (!answer.ok) throw new Error(String(answer.status));
      const polygons = toPolygons(await answer.json());
      this.outlines.addLayer(L.polygon(polygons, { className: "map-country", interactive: false, smoothFactor: 0.5 }));
      this.outlines.addTo(this.map).eachLayer(layer => layer.bringToBack());
      this.outlined = true;
      this.land?.remove();
    } catch {
      this.outlines = null; // dots show the shape of the country instead
    }
  }

  drawCircle() {
    this.circle?.remove();
    const { lat, lon, radius } = this.pane.dataset;
    this.around = `${lat} ${lon} ${radius}`;
    this.circle = radius && L.circle([lat, lon], { radius: radius * 1000, interactive: false, className: "map-circle" });
    if (this.circle && this.begun) this.circle.addTo(this.map);
  }

  searchChanged() {
    this.map.closePopup();
    const { lat, lon, radius } = this.pane.dataset;
    if (this.around === `${lat} ${lon} ${radius}`) this.moved();
    else this.begin();
  }

  goToAddress() {
    const found = POSITION.exec(location.hash);
    if (!found) return false;
    const [zoom, lat, lon] = found.slice(1).map(Number);
    if (!(Math.abs(lat) <= 85 && Math.abs(lon) <= 180)) return false;
    this.map.setView([lat, lon], Math.min(NEAREST, Math.max(FURTHEST, zoom)), { animate: false });
    return true;
  }

  async moved() {
    if (!this.begun && this.circle) this.circle.addTo(this.map);
    this.begun = true;
    const { lat, lng } = this.map.getCenter();
    this.ground.classList.toggle("map-near", this.level > OUTLINES_UP_TO);
    history.replaceState(history.state, "", `#carte=${this.map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`);
    const bounds = this.map.getBounds();
    const view = await this.ask({
      west: Math.max(-180, bounds.getWest()).toFixed(5), south: Math.max(-90, bounds.getSouth()).toFixed(5),
      east: Math.min(180, bounds.getEast()).toFixed(5), north: Math.min(90, bounds.getNorth()).toFixed(5),
      zoom: this.level,
    });
    if (view) this.draw(view);
  }

  /* The response; null if a newer request was made meanwhile, or on an error, which is displayed. */
  async ask(frame) {
    this.asking?.abort();
    this.asking = new AbortController();
    this.ground.setAttribute("aria-busy", "true");
    const { counts } = this.pane.dataset;
    const address = `${counts}${counts.includes("?") ? "&" : "?"}${new URLSearchParams(frame)}`;
    try {
      const answer = await fetch(address, { signal: this.asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      return await answer.json();
    } catch (error) {
      if (error.name !== "AbortError") this.sayFailure();
      return null;
    }
  }

  sayFailure() {
    this.ground.setAttribute("aria-busy", "false");
    const retry = element("button", "map-retry", "Réessayer");
    retry.type = "button";
    retry.addEventListener("click", () => (this.begun ? this.moved() : this.begin()));
    this.status.replaceChildren("La carte ne peut pas être mise à jour en ce moment. La liste ci-dessous reste utilisable. ", retry);
  }

  draw(view) {
    const focused = [...this.elements].find(([, marker]) => marker === document.activeElement)?.[0];
    this.markers.clearLayers();
    this.elements.clear();
    for (const cell of view.cells) this.mark(cell);
    this.writeNames(view);
    this.drawLand(view);
    this.listGroups(view.cells);
    this.status.textContent = told(view);
    this.pane.dataset.drawn = `${view.zoom}`;
    this.ground.setAttribute("aria-busy", "false");
    this.skipCovered();
    if (focused) (this.elements.get(focused) ?? this.ground).focus({ preventScroll: true });
  }

  mark(cell) {
    const few = cell.offers.length > 0;
    const size = sizeOf(cell);
    const icon = L.divIcon({
      className: `map-mark${few ? " map-few" : ""}${cell.count > 999 ? " map-many" : ""}`, iconSize: [size, size],
      html: element("span", "", figure(cell.count)),
    });
    const marker = L.marker(this.standing(cell), { icon, riseOnHover: true }).addTo(this.markers);
    const drawn = marker.getElement();
    drawn.setAttribute("aria-label", `${nameOf(cell)}, ${this.canBeSplit(cell) ? "agrandir" : "afficher"}`);
    drawn.title = nameOf(cell);
    marker.on("click", () => this.open(cell));
    drawn.addEventListener("keydown", event => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.open(cell);
    });
    this.elements.set(cell.id, drawn);
  }

  /* The position of a marker: that of its offers, but not so near the edge of its cell that it covers the next one. */
  standing(cell) {
    const zoom = this.level;
    if (zoom >= TRUE_PLACES_FROM) return [cell.lat, cell.lon];
    const place = this.map.project([cell.lat, cell.lon], zoom);
    const [column, row] = cell.id.split("/").map(Number);
    const margin = sizeOf(cell) / 2 / 2 ** (this.map.getZoom() - zoom); // two markers never cover each other
    const inside = (at, edge) => Math.min(edge + CELL_PX - margin, Math.max(edge + margin, at));
    return this.map.unproject([inside(place.x, column * CELL_PX), inside(place.y, row * CELL_PX)], zoom);
  }

  canBeSplit(cell) {
    return !cell.offers.length && !isOnePoint(cell) && this.level < NEAREST;
  }

  open(cell) {
    if (!this.canBeSplit(cell)) {
      this.showOffers(cell);
      return;
    }
    const { south, west, north, east } = cell.bounds;
    const area = L.latLngBounds([[south, west], [north, east]]);
    const zoom = Math.max(this.map.getZoom() + 1, this.map.getBoundsZoom(area.pad(0.2)));
    this.map.setView(area.getCenter(), Math.min(NEAREST, zoom), { animate: !calm });
  }

  showOffers(cell) {
    const heading = element("h3", "", nameOf(cell));
    heading.tabIndex = -1;
    const rows = cell.offers.map(offer => {
      const away = offer.distance_km === null ? null : `${figure(Math.round(offer.distance_km))}${NBSP}km`;
      const facts = [offer.shown, away].filter(Boolean).join(" · ");
      const when = [offer.next_session, offer.seats].filter(Boolean).join(" · ");
      return element("li", "", link(offer.title, offer.url), element("span", "map-facts", facts),
        element("span", "map-when", when), pickLink(offer));
    });
    const content = element("div", "map-popup", heading);
    if (rows.length) content.append(element("ul", "", ...rows));
    if (cell.count > 1) content.append(element("p", "", this.listLink(cell)));
    const options = {
      maxHeight: Math.round(this.ground.clientHeight * 0.6), maxWidth: Math.min(320, this.ground.clientWidth - ASIDE_PX - 60),
      autoPanPaddingTopLeft: [ASIDE_PX, 12], autoPanPaddingBottomRight: [12, 12],
    };
    this.popup = L.popup(this.standing(cell), { ...options, content, closeOnEscapeKey: false });
    this.shown = cell.id;
    this.popup.openOn(this.map);
    document.dispatchEvent(new Event("boussole:picks")); // selection.js says which of them are kept
    this.skipCovered();
    const close = this.popup.getElement().querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", "Fermer");
    close.addEventListener("click", () => this.closePopup());
    heading.focus({ preventScroll: true });
  }

  /* A marker behind the popup or a control is not reached with the tab key: its focus would not be seen. The list of
     groups has it. */
  skipCovered() {
    const covers = [...this.ground.querySelectorAll(".leaflet-control")];
    if (this.popup?.isOpen()) covers.push(this.popup.getElement());
    const boxes = covers.map(each => each.getBoundingClientRect());
    for (const marker of this.elements.values()) {
      marker.tabIndex = boxes.some(box => meet(marker.getBoundingClientRect(), box)) ? -1 : 0;
    }
  }

  closePopup() {
    this.map.closePopup();
    (this.elements.get(this.shown) ?? this.ground).focus({ preventScroll: true });
  }

  /* The list filters by circles: this one contains all offers of the cell, and possibly a few more. */
  listLink(cell) {
    const { lat, lon, radius } = cell.around;
    const made = link("Voir ces offres dans la liste", `${this.pane.dataset.list}&lat=${lat}&lon=${lon}&radius=${radius}`);
    const around = `${NBSP}: ${radius.toLocaleString("fr-FR")}${NBSP}km autour ${cell.name ? `de ce point (${cell.name})` : "de ce point"}`;
    made.append(element("span", "map-around", around));
    return made;
  }

  listGroups(cells) {
    const rows = cells.slice(0, MOST_ROWS).map(cell => {
      const button = element("button", "map-row", nameOf(cell));
      button.type = "button";
      button.addEventListener("click", () => {
        this.open(cell);
        this.ground.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
      });
      return element("li", "", button, this.listLink(cell));
    });
    const more = cells.length - rows.length;
    if (more > 0) rows.push(element("li", "", `et ${figure(more)} autre${more > 1 ? "s" : ""}${NBSP}: agrandissez la carte pour les voir.`));
    this.groups.querySelector("ul").replaceChildren(...rows);
    this.groups.hidden = !cells.length;
  }

  /* Names of groups first, then of towns to find one's way by, the largest first: each where it covers nothing and is
     not cut, or nowhere. Tiles have names of their own. */
  writeNames({ cells, towns }) {
    this.names.clearLayers();
    if (this.tiles) return;
    const groups = this.markers.getLayers().map(marker =>
      around(this.map.latLngToContainerPoint(marker.getLatLng()), marker.options.icon.options.iconSize[0] / 2));
    const named = cells.map((cell, number) => ({ cell, size: groups[number].right - groups[number].left }))
      .filter(({ cell }) => isOneTown(cell))
      .map(({ cell, size }) => this.label(cell.name, this.standing(cell), "map-name", size / 2 + BESIDE_PX));
    const known = new Set(named.map(({ name }) => name));
    const others = towns.filter(({ name }) => !known.has(name))
      .map(({ name, lat, lon }) => this.label(name, [lat, lon], "map-town", DOT_PX));
    for (const each of [...named, ...others]) { // measure all before moving any
      Object.assign(each, { width: each.text.offsetWidth, height: each.text.offsetHeight });
    }
    const taken = [...groups, ...this.controls()];
    for (const each of named) this.place(each, [BELOW, ABOVE, RIGHT, LEFT], taken);
    for (const each of others) {
      if (taken.some(box => meet(around(each.at, DOT_PX), box))) each.marker.remove();
      else this.place(each, [RIGHT, LEFT, ABOVE, BELOW], taken, ROOM_PX);
    }
  }

  /* A name at a place of the map; hidden until `place` positions it. */
  label(name, where, className, far) {
    const text = element("span", "", name);
    const icon = L.divIcon({ className, iconSize: null, html: text });
    const marker = L.marker(where, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(this.names);
    marker.getElement().setAttribute("aria-hidden", "true");
    return { name, text, marker, far, at: this.map.latLngToContainerPoint(where) };
  }

  place({ text, marker, far, at, width, height }, sides, taken, apart = 0) {
    const { clientWidth, clientHeight } = this.ground;
    for (const side of sides) {
      const [x, y] = side(width, height, far);
      const box = { left: at.x + x, top: at.y + y, right: at.x + x + width, bottom: at.y + y + height };
      const cut = box.left < 0 || box.top < 0 || box.right > clientWidth || box.bottom > clientHeight;
      if (cut || taken.some(each => meet(box, each, apart))) continue;
      text.style.transform = `translate(${x}px, ${y}px)`;
      taken.push(box);
      return;
    }
    marker.remove();
  }

  controls() {
    const { left, top } = this.ground.getBoundingClientRect();
    return [...this.ground.querySelectorAll(".leaflet-control")].map(each => {
      const box = each.getBoundingClientRect();
      return { left: box.left - left, top: box.top - top, right: box.right - left, bottom: box.bottom - top };
    });
  }

  /* A dot for each square with a town: the shape of the country where there are no tiles. */
  drawLand({ land, zoom }) {
    this.land?.remove();
    if (this.tiles || this.outlined || !land.length) return;
    const dots = land.flatMap(([row, first, last]) =>
      Array.from({ length: last - first + 1 }, (_, number) => {
        const dot = this.map.unproject([(first + number + 0.5) * LAND_PX, (row + 0.5) * LAND_PX], zoom);
        return [dot, dot];
      }));
    const options = { className: "map-land", interactive: false, smoothFactor: 0, noClip: true };
    this.land = L.polyline(dots, options).addTo(this.map);
    this.land.bringToBack();
  }
}

/* As on the pages; the address is the way without selection.js. */
function pickLink({ key, title, shown }) {
  const about = `${title}, ${shown}`;
  const made = link("", `/selection?o=${key}`);
  made.className = "pick-link";
  Object.assign(made.dataset, { key, about });
  made.append(element("span", "pick-text", "Garder"), element("span", "visually-hidden", `${NBSP}: ${about}`));
  return made;
}

/* The polygons of a TopoJSON file, each ring made of arcs that neighbours share. */
function toPolygons({ arcs, transform: { scale, translate }, objects }) {
  const lines = arcs.map(arc => {
    let [x, y] = [0, 0];
    return arc.map(([right, up]) => [translate[1] + (y += up) * scale[1], translate[0] + (x += right) * scale[0]]);
  });
  const toLine = number => (number < 0 ? [...lines[~number]].reverse() : lines[number]);
  const toRing = numbers => numbers.flatMap((number, at) => toLine(number).slice(at ? 1 : 0));
  return Object.values(objects)[0].geometries
    .flatMap(shape => (shape.type === "Polygon" ? [shape.arcs] : shape.arcs))
    .map(rings => rings.map(toRing));
}

/* Escape a text for the library, which expects markup. */
function plain(text) {
  return element("span", "", text).innerHTML;
}

function told(view) {
  if (!view.placed) return "Aucune de ces offres n’a de lieu que l’on puisse montrer sur une carte.";
  const parts = [];
  if (view.remote) parts.push(`${figure(view.remote)} à distance`);
  if (view.unplaced) parts.push(`${figure(view.unplaced)} sans lieu connu`);
  const missing = view.remote + view.unplaced;
  const apart = missing ? ` Hors de la carte${NBSP}: ${parts.join(" et ")}.` : "";
  return `${offers(view.in_view)} dans cette vue, sur ${figure(view.placed)} qui ont un lieu.${apart}`;
}

let shown = null;

/* After results are replaced, the same map may show other offers, or there is another map, or none. */
function follow() {
  const pane = document.querySelector(".map");
  if (shown && shown.ground.isConnected) shown.searchChanged();
  else if (pane && L) {
    shown = new OfferMap(pane);
    shown.begin();
  }
}

document.addEventListener("boussole:exchanged", follow);
follow();
