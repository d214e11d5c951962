// Copies a message as it reads, its Markdown, or one block of code, each from what a `data-copy` stands beside.
const SAID_FOR = 2000;
const announcements = document.getElementById("announcements");

const write = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Over plain HTTP there is no clipboard, but what is selected can be copied.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
};

const asItReads = (body) => {
  // Headers of code blocks are ours and not the message's.
  body.classList.add("message__body--copied");
  const text = body.innerText.trim();
  body.classList.remove("message__body--copied");
  return text;
};

const fetched = async (url) => {
  const response = await fetch(url);
  if (!response.ok || response.redirected) throw new Error(response.statusText);
  return response.text();
};

const texts = {
  text: (link) => asItReads(link.closest(".message").querySelector(".message__body")),
  source: (link) => fetched(link.href),
  code: (button) => button.closest(".code-block").querySelector("code").textContent.replace(/\n$/, ""),
};

document.addEventListener("click", async (event) => {
  const source = event.target.closest?.("[data-copy]");
  if (!source || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await write(await texts[source.dataset.copy](source));
  } catch {
    // The text itself, at its own address, can be copied by hand.
    if (source.href) location.assign(source.href);
    return;
  }
  announcements.textContent = announcements.dataset.copied;
  source.classList.add("is-copied");
  setTimeout(() => source.classList.remove("is-copied"), SAID_FOR);
});
