/* "Autour de moi": uses the browser's position instead of a town; if it is refused or unknown, the field can be used. */
const WAIT = { timeout: 10_000, maximumAge: 300_000, enableHighAccuracy: false };
const DECIMALS = 3; // a hundred metres, precise enough for a radius
const SAID = {
  asked: "Recherche de votre position…",
  1: "Position refusée\u00a0: indiquez une commune ou un code postal.",
  2: "Position inconnue\u00a0: indiquez une commune ou un code postal.",
  3: "Position introuvable pour le moment\u00a0: indiquez une commune ou un code postal.",
};

function offerPosition(field) {
  const input = field.querySelector("input");
  const button = field.querySelector(".around");
  const status = field.querySelector(".around-status");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = SAID.asked;
    navigator.geolocation.getCurrentPosition(found, ({ code }) => {
      status.textContent = SAID[code];
      input.focus();
    }, WAIT);
  });

  function found({ coords }) {
    const { form } = input;
    form.querySelectorAll('input[name="point"]').forEach(each => each.remove());
    const point = Object.assign(document.createElement("input"), { type: "hidden", name: "point" });
    point.value = `${coords.latitude.toFixed(DECIMALS)},${coords.longitude.toFixed(DECIMALS)}`;
    form.append(point);
    input.value = "";
    status.textContent = "";
    form.requestSubmit();
  }
}

if (navigator.geolocation) document.querySelectorAll(".field-place").forEach(offerPosition);
