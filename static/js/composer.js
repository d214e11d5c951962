// Enter sends, Shift+Enter breaks the line; on a phone, which has no Shift+Enter, Enter breaks.
const onTouch = matchMedia("(pointer: coarse)");

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-sends] textarea")?.form;
  if (!form || event.key !== "Enter" || event.shiftKey || event.altKey || onTouch.matches) return;
  // An input method uses Enter to accept what it offers.
  if (event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});

// Browsers without `field-sizing` grow the field here.
if (!CSS.supports("field-sizing", "content")) {
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-sends] textarea")) return;
    target.rows = Math.min(12, target.value.split("\n").length);
  });
}
