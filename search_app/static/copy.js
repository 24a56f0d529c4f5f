/* Buttons that copy a field. The clipboard requires a secure connection; otherwise the text is only selected. */
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const said = document.querySelector(`[data-copied="${field.id}"]`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Adresse copiée.";
    } catch {
      said.textContent = "L’adresse est sélectionnée\u00a0: copiez-la avec Ctrl+C.";
    }
  });
}
