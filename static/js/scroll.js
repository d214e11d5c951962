// The page follows the newest text only for a reader who is at the end; any other gets a link to it.
const NEAR = 120;
const messages = document.getElementById("messages");
const newest = document.querySelector("[data-newest]");

const page = document.documentElement;
const distance = () => page.scrollHeight - innerHeight - scrollY;
const toEnd = () => scrollTo({ top: page.scrollHeight });
// The list may end before the chat does: then its end is on another page.
const hasEnd = () => !messages.querySelector(".messages__newer");

if (messages) {
  let following = hasEnd() && !location.hash && !location.search;
  let last = scrollY;
  let fromEnd = 0;
  const follow = () => {
    if (following) toEnd();
    else newest.hidden = hasEnd() && distance() < NEAR;
  };
  addEventListener("scroll", () => {
    // Only a reader scrolls up: what is new between a scroll of ours and this event leaves us behind without that.
    if (hasEnd() && distance() < NEAR) following = true;
    else if (scrollY < last) following = false;
    last = scrollY;
    newest.hidden = following;
  }, { passive: true });
  // A phone's keyboard takes half of the window away.
  addEventListener("resize", follow);
  new ResizeObserver(follow).observe(messages);
  follow();
  messages.addEventListener("htmx:oobAfterSwap", () => {
    following = true;
    toEnd();
  });
  // Older messages push the others down; the reader stays with what was being read.
  messages.addEventListener("htmx:beforeSwap", ({ detail }) => {
    fromEnd = detail.target.matches(".messages__older") ? page.scrollHeight - scrollY : 0;
  });
  messages.addEventListener("htmx:afterSwap", () => {
    if (fromEnd) scrollTo({ top: page.scrollHeight - fromEnd, behavior: "instant" });
    fromEnd = 0;
  });
  newest.addEventListener("click", (event) => {
    if (!hasEnd()) return;
    event.preventDefault();
    toEnd();
    document.querySelector("[data-composer] textarea")?.focus({ preventScroll: true });
  });
}
