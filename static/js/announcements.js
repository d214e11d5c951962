// A screen reader hears that an answer has begun and ended, not every word of it on the way.
const announcements = document.getElementById("announcements");

document.addEventListener("htmx:sseOpen", () => { announcements.textContent = announcements.dataset.began; });
document.addEventListener("htmx:sseClose", ({ detail }) => {
  if (detail.type === "message") announcements.textContent = announcements.dataset.ended;
});
