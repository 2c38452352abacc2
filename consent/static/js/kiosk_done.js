// When does the last page go by itself? After the seconds it says, unless somebody wants more.

import { wipe } from "./kiosk_idle.js";

const SECOND = 1000;
const TOLD_AT = [30, 10];

export function countDown() {
  const box = document.querySelector("#leaving");
  if (!box) return;
  const seconds = Number(box.dataset.seconds);
  let until = Date.now() + seconds * SECOND;
  let told = seconds;
  box.hidden = false;
  box.querySelector("[data-more]").addEventListener("click", () => {
    until = Date.now() + seconds * SECOND;
    look();
  });
  const aloud = box.querySelector("[data-aloud]");
  const look = () => {
    const left = Math.ceil((until - Date.now()) / SECOND);
    box.querySelector("[data-left]").textContent = Math.max(left, 0);
    if (TOLD_AT.includes(left) && told !== left) aloud.textContent = aloud.dataset.aloud.replace("0", left);
    told = left;
    if (left > 0) return;
    clearInterval(clock);
    wipe();
  };
  const clock = setInterval(look, SECOND);
}
