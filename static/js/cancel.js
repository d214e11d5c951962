// Escape and «Отмена» leave a form; an answer that brings a new title never replaces one that is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest?.("form")?.querySelector("[data-cancel], [data-dismiss]")?.click();
});

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.matches(".title-form")) event.detail.shouldSwap = false;
});
