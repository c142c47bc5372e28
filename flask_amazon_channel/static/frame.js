// What works without a script works better with it: the frame.
"use strict";
(() => {
  const PATIENCE = 1200; // milliseconds between two keys of a shortcut
  const OFF = "amazon-channel-no-keys";
  const frame = document.querySelector(".amazon-channel");
  if (!frame) return;

  const remembered = () => {
    try { return localStorage.getItem(OFF) !== null; } catch { return false; }
  };
  const remember = (off) => {
    try { if (off) localStorage.setItem(OFF, "1"); else localStorage.removeItem(OFF); } catch { /* not kept then */ }
  };

  const isTyping = (target) =>
    target.isContentEditable || (target.matches("input, select, textarea") && !target.matches("[type=checkbox], [type=radio]"));

  // Shortcuts: `data-keys` of a link says which keys, typed one after the other, go there; of a field, focus it.
  let typed = [];
  let lastKey = 0;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape" && event.target.type === "search" && !event.target.value) event.target.blur();
      return;
    }
    if (event.key.length !== 1 || remembered() || document.querySelector("dialog[open]")) return;
    typed = event.timeStamp - lastKey < PATIENCE ? [...typed, event.key] : [event.key];
    lastKey = event.timeStamp;
    const found = meant(typed.join(" ")) || (typed.length > 1 && meant(event.key));
    if (!found) return;
    event.preventDefault();
    typed = [];
    if (found.matches("input")) { found.focus(); found.select(); }
    else if (found.dataset.keys === "?") showKeys(found);
    else found.click();
  });

  const meant = (keys) =>
    [...frame.querySelectorAll("[data-keys]")].find((one) => one.dataset.keys === keys) || null;

  // The table of keys is a part of the help page; where it cannot be had, the page itself is opened.
  const showKeys = async (link) => {
    const open = frame.querySelector(".keys-dialog");
    if (open) { open.showModal(); return; }
    try {
      const answer = await fetch(link.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const keys = page.getElementById("amazon-channel-keys");
      const title = page.getElementById("keys-title");
      if (!answer.ok || !keys || !title) throw new Error("no keys there");
      showDialog(document.adoptNode(title), document.adoptNode(keys));
    } catch {
      location.assign(link.href);
    }
  };

  const showDialog = (title, keys) => {
    const dialog = document.createElement("dialog");
    dialog.className = "keys-dialog";
    dialog.setAttribute("aria-labelledby", title.id);
    const actions = document.createElement("div");
    actions.className = "actions";
    const switched = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = !remembered();
    box.addEventListener("change", () => remember(!box.checked));
    switched.append(box, " ", keys.dataset.on);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button";
    close.textContent = keys.dataset.close;
    close.addEventListener("click", () => dialog.close());
    actions.append(switched, close);
    dialog.append(title, keys, actions);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    frame.append(dialog);
    dialog.showModal();
  };

  // On the help page the keys can be switched on again.
  const here = document.getElementById("amazon-channel-keys");
  if (here) {
    const switched = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = !remembered();
    box.addEventListener("change", () => remember(!box.checked));
    switched.append(box, " ", here.dataset.on);
    here.append(switched);
  }
})();
