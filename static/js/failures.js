// A request that failed says so in words, each ready in a <template>; what was typed stays where it is.
const SHOWN_FOR = 8000;

const toasts = document.getElementById("toasts");

const show = (name) => {
  toasts.replaceChildren(document.getElementById(`toast-${name}`).content.firstElementChild.cloneNode(true));
  expire();
};

const expire = () => {
  const toast = toasts.firstElementChild;
  setTimeout(() => toast?.remove(), SHOWN_FOR);
};

// The server's own words for what it has refused.
document.addEventListener("htmx:afterSwap", ({ target }) => target === toasts && expire());

document.addEventListener("htmx:sendError", () => show("offline"));
document.addEventListener("htmx:timeout", () => show("offline"));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 403) show("stale");
  else if (status === 404) show("gone");
  else if (status === 429) show("busy");
  else if (status === 503) show("restarting");
  else show("failed");
});
