// A lost network is said for as long as it lasts: the browser knows of it before any request has failed.
const STAYS = 4000;
const place = document.getElementById("connection");
const say = (name) => place.replaceChildren(document.getElementById(`connection-${name}`).content.cloneNode(true));

addEventListener("offline", () => say("lost"));
addEventListener("online", () => {
  say("back");
  setTimeout(() => { if (navigator.onLine) place.replaceChildren(); }, STAYS);
});
if (!navigator.onLine) say("lost");
