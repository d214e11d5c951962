// What is typed outlives a reload, an expired session and a failed send; it goes when the server has taken it, or by «Отмена».
const keyOf = (form) => `draft ${form.dataset.draft}`;
const fieldOf = (form) => form.querySelector("textarea");

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.dataset.draft || target !== fieldOf(form)) return;
  if (target.value) sessionStorage.setItem(keyOf(form), target.value);
  else sessionStorage.removeItem(keyOf(form));
});

const restore = (form) => {
  const draft = sessionStorage.getItem(keyOf(form));
  const field = fieldOf(form);
  // What the server has refused and given back is newer; what it offers to be edited is older.
  if (!draft || field.value === draft || (form.matches("[data-composer]") && field.value)) return;
  field.value = draft;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

document.querySelectorAll("form[data-draft]").forEach(restore);
document.addEventListener("htmx:load", ({ target }) => {
  const form = target.matches("form[data-draft]") ? target : target.querySelector(".edit[data-draft]");
  if (!form) return;
  restore(form);
  const field = fieldOf(form);
  field.setSelectionRange(field.value.length, field.value.length);
});

document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  const { xhr, requestConfig } = detail;
  const toLogin = xhr.getResponseHeader("HX-Redirect")?.includes("next=");
  const form = requestConfig.elt.closest("form[data-draft]");
  const settled = requestConfig.elt === form || requestConfig.elt.matches("[data-cancel]");
  if (form && settled && xhr.status < 300 && !toLogin) sessionStorage.removeItem(keyOf(form));
});
