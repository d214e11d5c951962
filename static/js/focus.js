// Who acted on what a swap takes away finds the focus where `data-focus` around it says, not at the top of the page:
// at the first of those places that is there.
const onTouch = matchMedia("(pointer: coarse)");
const isThere = (element) => element?.isConnected && !element.disabled && element.checkVisibility();
let held = null;
let places = "";

const hold = () => {
  if (document.activeElement === document.body) return;
  held = document.activeElement;
  places = held.closest("[data-focus]")?.dataset.focus ?? "#main";
};

const lead = () => {
  const active = document.activeElement;
  if (!held || (active !== document.body && isThere(active))) return;
  const place = [held, ...places.split(", ").map((selector) => document.querySelector(selector))].find(isThere);
  held = null;
  // There the focus would bring up the keyboard over what has just been written.
  if (!place || (onTouch.matches && place.matches("textarea, input"))) return;
  if (place.tabIndex < 0) place.tabIndex = -1;
  place.focus({ preventScroll: true });
};

// A button that is disabled while its request runs has lost the focus before the swap.
for (const name of ["beforeRequest", "beforeSwap", "oobBeforeSwap", "sseBeforeMessage"]) document.addEventListener(`htmx:${name}`, hold);
for (const name of ["afterRequest", "afterSettle", "sseMessage"]) document.addEventListener(`htmx:${name}`, lead);
// Who clicks beside everything wants no focus.
document.addEventListener("pointerdown", () => { held = null; });
