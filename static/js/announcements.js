// A screen reader hears an answer sentence by sentence while it is written, then how it ended; not every word on the way.
const EVERY = 2000;
const LONGEST_REST = 600;
const SENTENCES = /^[^]*[.!?…:]["»”)]*(?=\s)/;
const place = document.getElementById("announcements");
let message = null;
let heard = 0;
let silentUntil = 0;

// Signs of Markdown and spaces between elements are other ones in an open block than in a finished one.
const textOf = (element) => element?.querySelector(".message__body")?.textContent.replace(/[*_`#]/g, "").replace(/\s+/g, " ").trim() ?? "";

document.addEventListener("htmx:sseOpen", ({ target }) => {
  if (target === message) return;
  message = target;
  heard = textOf(message).length;
  place.textContent = place.dataset.began;
});

document.addEventListener("htmx:sseMessage", () => {
  if (!message || performance.now() < silentUntil) return;
  const [said] = textOf(message).slice(heard).match(SENTENCES) ?? [];
  if (!said) return;
  heard += said.length;
  silentUntil = performance.now() + EVERY;
  place.textContent = said;
});

// The message as it stays is swapped in by the listener after this one.
document.addEventListener("htmx:sseClose", ({ target }) => {
  if (target !== message) return;
  message = null;
  setTimeout(() => {
    const ended = document.getElementById(target.id);
    if (!ended) return;
    const rest = textOf(ended).slice(heard).trim();
    const { state } = ended.dataset;
    place.textContent = state === "done" ? `${rest.length < LONGEST_REST ? rest : ""} ${place.dataset.ended}` : place.dataset.cut;
  });
});
