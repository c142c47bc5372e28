// What works without a script works better with it: grids.
"use strict";
(() => {
  const root = document.querySelector(".amazon-channel");
  if (!root) return;

  // One panel is open at a time; Escape and a click elsewhere close it.
  const panels = [...root.querySelectorAll(".grid-panel")];
  const closeOthers = (kept) => panels.forEach((panel) => { if (panel !== kept) panel.open = false; });
  panels.forEach((panel) => panel.addEventListener("toggle", () => { if (panel.open) closeOthers(panel); }));
  document.addEventListener("click", (event) => { if (!event.target.closest(".grid-panel")) closeOthers(null); });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && panels.find((panel) => panel.open);
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // Empty fields stay out of the address.
  root.querySelectorAll("form.grid-form").forEach((form) => form.addEventListener("submit", () => {
    form.querySelectorAll("input, select").forEach((field) => { if (!field.value) field.disabled = true; });
  }));
  window.addEventListener("pageshow", () => {
    root.querySelectorAll("form.grid-form :disabled").forEach((field) => { field.disabled = false; });
  });

  // Columns are put in order by moving them.
  root.querySelectorAll(".grid-columns").forEach((list) => {
    const number = () => [...list.children].forEach((item, at) => { item.querySelector(".grid-place").value = at + 1; });
    list.addEventListener("change", (event) => {
      if (!event.target.matches(".grid-place")) return;
      const item = event.target.closest("li");
      const others = [...list.children].filter((one) => one !== item);
      const at = Math.max(0, Math.min(others.length, Number(event.target.value) - 1));
      list.insertBefore(item, others[at] || null);
      number();
      event.target.focus();
    });
  });

  // Choosing rows: the whole page by the box in the head, a range with Shift.
  root.querySelectorAll(".grid-selection").forEach((form) => {
    const boxes = [...form.querySelectorAll("[name=ids]")];
    const all = form.querySelector("[name=all]");
    const told = form.querySelector(".grid-chosen");
    const head = form.querySelector("th.grid-check");
    const page = document.createElement("input");
    page.type = "checkbox";
    page.setAttribute("aria-label", head.textContent.trim());
    head.append(page);
    let last = null;
    const count = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      page.checked = chosen === boxes.length;
      page.indeterminate = chosen > 0 && chosen < boxes.length;
      told.textContent = chosen && !all.checked ? told.dataset.chosen.replace("{n}", chosen) : "";
      form.querySelectorAll("button[name=action]").forEach((button) => { button.disabled = !chosen && !all.checked; });
    };
    page.addEventListener("change", () => { boxes.forEach((box) => { box.checked = page.checked; }); count(); });
    all.addEventListener("change", count);
    boxes.forEach((box) => box.addEventListener("click", (event) => {
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
      }
      last = box;
      count();
    }));
    window.addEventListener("pageshow", count);
    count();
  });

  // Progress is fetched as long as something is being done.
  const look = async () => {
    const shown = root.querySelector("[data-progress=running]");
    if (!shown) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-progress]");
      if (answer.ok && fresh) shown.replaceWith(fresh);
    } catch { /* It is asked again. */ }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
})();
