// What the server puts into the dialog opens it; Escape, a click beside it, what says so and an accepted form close it.
const dialog = document.getElementById("dialog");

// Not before it has settled: until then a key would reach a form that htmx does not know yet.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target === dialog && dialog.childElementCount && !dialog.open) dialog.showModal();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.xhr.status < 300 && detail.requestConfig.verb === "post" && dialog.contains(detail.elt)) dialog.close();
});

// The click beside it, for browsers without `closedby`.
document.addEventListener("click", (event) => {
  if (!dialog.open || !(event.target === dialog || event.target.closest?.("[data-close]"))) return;
  event.preventDefault();
  dialog.close();
});

// Its fields must not be met twice: by the ids of the page, and by what is found in it.
dialog.addEventListener("close", () => dialog.replaceChildren());

// One Escape closes the dialog and does not stop an answer behind it as well.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && dialog.open) event.stopPropagation();
}, { capture: true });
