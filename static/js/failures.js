// A request that failed says so in words, each ready in a <template>; what was typed stays where it is.
const SHOWN_FOR = 8000;

const show = (name) => {
  const toast = document.getElementById(`toast-${name}`).content.firstElementChild.cloneNode(true);
  document.getElementById("toasts").replaceChildren(toast);
  setTimeout(() => toast.remove(), SHOWN_FOR);
};

document.addEventListener("htmx:sendError", () => show("offline"));
document.addEventListener("htmx:timeout", () => show("offline"));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 403) show("stale");
  else if (status === 404) show("gone");
  else if (status === 503) show("restarting");
  else show("failed");
});
