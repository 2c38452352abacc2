// What does every page at a kiosk do by itself? It notices when nobody answers, when nobody is there, and when it is old.

import { countDown } from "./kiosk_done.js";
import { watch } from "./kiosk_idle.js";
import { whenAnswered } from "./kiosk_line.js";

// A page that the browser kept may be of a family that is gone.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// A second tap while the first is under way is the same tap; a tap that cannot be answered says so and loses nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("sent" in form.dataset || "own" in form.dataset) return;
  event.preventDefault();
  if ("asking" in form.dataset) return;
  form.dataset.asking = "";
  whenAnswered(() => {
    delete form.dataset.asking;
    form.dataset.sent = "";
    form.requestSubmit(event.submitter);
  }, () => delete form.dataset.asking);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.getAttribute("href").startsWith("#") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  whenAnswered(() => location.assign(link.href));
});

const leaves = document.querySelector("[data-leaves]");
if (leaves) setTimeout(() => whenAnswered(() => location.replace(leaves.href)), Number(leaves.dataset.leaves) * 1000);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

watch();
countDown();
