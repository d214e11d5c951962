// The page follows the newest text only for a reader who is at the end; any other gets a link to it.
const NEAR = 120;
const messages = document.getElementById("messages");
const newest = document.querySelector("[data-newest]");

const distance = () => document.documentElement.scrollHeight - innerHeight - scrollY;
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight });

if (messages) {
  let following = true;
  if (!location.hash && !location.search) toEnd();
  addEventListener("scroll", () => {
    following = distance() < NEAR;
    if (following) newest.hidden = true;
  }, { passive: true });
  new ResizeObserver(() => {
    if (following) toEnd();
    else newest.hidden = false;
  }).observe(messages);
  messages.addEventListener("htmx:oobAfterSwap", toEnd);
  newest.addEventListener("click", (event) => {
    event.preventDefault();
    toEnd();
    document.querySelector("[data-composer] textarea")?.focus({ preventScroll: true });
  });
}
