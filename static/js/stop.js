// Escape stops the answer that is being written, unless something that is open wants it.
const WANTS_ESCAPE = "dialog[open], [popover]:popover-open, details.menu[open], [role=listbox]:not([hidden])";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  const form = event.target.closest?.("form");
  if ((form && !form.matches("[data-composer]")) || document.querySelector(WANTS_ESCAPE)) return;
  document.getElementById("stop")?.requestSubmit();
});
