// What is typed outlives a reload, an expired session and a failed send; it goes when the server has taken the message.
const chat = document.querySelector("[data-chat]");
const key = chat && `draft ${chat.dataset.chat}`;
const field = () => document.querySelector("[data-composer] textarea");

const keep = () => {
  const text = field()?.value ?? "";
  if (text) sessionStorage.setItem(key, text);
  else sessionStorage.removeItem(key);
};

if (chat) {
  const draft = sessionStorage.getItem(key);
  if (draft && !field().value) {
    field().value = draft;
    field().dispatchEvent(new Event("input", { bubbles: true }));
  }
  chat.addEventListener("input", ({ target }) => target === field() && keep());
  chat.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
    const taken = detail.xhr.status < 300 && detail.requestConfig.elt.matches("[data-composer]");
    const toLogin = detail.xhr.getResponseHeader("HX-Redirect")?.includes("next=");
    if (taken && !toLogin) sessionStorage.removeItem(key);
  });
}
