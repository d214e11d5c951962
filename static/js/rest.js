// Another branch takes the place of a message and of all that followed it; what came before is not touched.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.xhr?.getResponseHeader("X-From-Here")) return;
  while (detail.target.nextElementSibling) detail.target.nextElementSibling.remove();
});
