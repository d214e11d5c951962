// An open menu closes when the reader turns to anything else, by Escape, and with what was chosen in it.
const close = (menu) => {
  menu.open = false;
  menu.querySelector("summary").focus();
};

const turned = ({ target }) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(target)) menu.open = false;
};
document.addEventListener("focusin", turned);
document.addEventListener("click", (event) => {
  turned(event);
  const menu = event.target.closest?.(".menu__items :is(a, button)")?.closest(".menu");
  if (menu?.open) close(menu);
});

// Captured, and prevented: one Escape closes the menu and does not stop an answer as well.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (!menu) return;
  event.preventDefault();
  event.stopPropagation();
  close(menu);
}, { capture: true });
