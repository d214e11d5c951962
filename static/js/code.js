// Every block of code gets a button that copies it, from the <template> of the page: the sanitiser lets no button through.
const template = document.getElementById("copy-code");

document.addEventListener("htmx:load", ({ target }) => {
  // What is still being written is drawn anew many times a second.
  if (!template || target.closest(".message__tail")) return;
  for (const header of document.querySelectorAll(".message__body .code-block__header:not(:has(button), .message__tail *)")) {
    header.append(template.content.cloneNode(true));
  }
});
