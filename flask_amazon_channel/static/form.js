// Forms work without this.  It asks before changes that are not saved are left, lets nothing be sent twice, and takes
// whoever made a mistake to what is said about it.
(() => {
  "use strict";

  const guarded = document.querySelectorAll(".amazon-channel form[data-guard]");
  const written = (form) => new URLSearchParams(new FormData(form)).toString();

  guarded.forEach((form) => {
    const before = written(form);
    let isSent = false;
    form.addEventListener("submit", () => { isSent = true; });
    window.addEventListener("beforeunload", (event) => {
      if (!isSent && (form.hasAttribute("data-changed") || written(form) !== before)) event.preventDefault();
    });
    window.addEventListener("pageshow", () => { isSent = false; });
  });

  document.querySelectorAll(".amazon-channel form").forEach((form) => {
    let sentAt = 0;
    form.addEventListener("submit", (event) => {
      if (form.method !== "post") return;
      if (event.timeStamp - sentAt < 2000 && sentAt) event.preventDefault();
      else sentAt = event.timeStamp;
    });
  });

  document.querySelector(".amazon-channel .form-errors")?.focus();
})();
