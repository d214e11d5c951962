// A key alone presses what has it as `data-shortcut`: never while something is typed, nor for who has switched it off.
const OFF = "shortcuts off";
const isOff = () => localStorage.getItem(OFF) !== null;

// On a Russian keyboard the letter is told by its place.
const keyOf = ({ key, code }) => (/^Key[A-Z]$/.test(code) && !/^[a-z]$/i.test(key) ? code.slice(3) : key).toLowerCase();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]") || isOff()) return;
  // The page's own comes after the frame's and wins.
  const target = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(keyOf(event))}"]`)].at(-1);
  if (!target) return;
  event.preventDefault();
  target.click();
});

const offerSwitch = () => {
  for (const label of document.querySelectorAll("[data-shortcuts]")) {
    label.hidden = false;
    label.control.checked = !isOff();
  }
};
offerSwitch();
document.addEventListener("htmx:afterSwap", offerSwitch);
document.addEventListener("change", ({ target }) => {
  if (!target.closest("[data-shortcuts]")) return;
  if (target.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "");
});
