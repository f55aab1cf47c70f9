/* Lists of jobs: the checkbox in the head ticks all rows. Works around django-rq 4.2, whose own script calls a
   plugin that Django's admin no longer has. Check on upgrade: whether its lists do this themselves. */
"use strict";

document.getElementById("action-toggle")?.addEventListener("click", (event) => {
  for (const box of document.querySelectorAll("input.action-select")) {
    box.checked = event.currentTarget.checked;
  }
});
