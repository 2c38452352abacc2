// Is the family still there? Asked after a while without a touch; where nobody answers, everything goes.

import { whenAnswered } from "./kiosk_line.js";

const SECOND = 1000;
const TOLD_AT = [30, 10];
const TELL_SERVER_EVERY = 60;

const page = document.querySelector("#kiosk");
const dialog = document.querySelector("#still-there");
const over = document.querySelector("#over");

let since = Date.now(); // the last touch
let told = Date.now(); // the last that the registry knows of
let clock = null;

// With data-idle, in seconds; a page that belongs to nobody has none.
export function watch() {
  if (!page.dataset.idle) return;
  for (const sign of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    document.addEventListener(sign, () => dialog.open || (since = Date.now()), { passive: true });
  }
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); extend(); });
  dialog.addEventListener("keydown", (event) => {
    const operates = ["Tab", "Shift", "Enter", " ", "Escape"].includes(event.key);
    if (!operates) extend();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-over]")) wipe();
    else extend();
  });
  clock = setInterval(look, SECOND);
}

function look() {
  if (since > told && Date.now() - told > TELL_SERVER_EVERY * SECOND) stay();
  const quiet = Math.floor((Date.now() - since) / SECOND) - Number(page.dataset.idle);
  if (quiet < 0) return;
  const left = Number(page.dataset.warning) - quiet;
  if (left <= 0) wipe();
  else tell(left);
}

function tell(left) {
  if (!dialog.open) {
    dialog.showModal();
    dialog.querySelector("[data-more]").focus();
    chime();
  }
  dialog.querySelector("[data-left]").textContent = left;
  const aloud = dialog.querySelector("[data-aloud]");
  if (TOLD_AT.includes(left)) aloud.textContent = aloud.dataset.aloud.replace("0", left);
}

// What they typed lives on the server, and must not go while they read.
function stay() {
  told = Date.now();
  fetch("/kiosk/here", { method: "POST", body: new FormData(over) }).catch(() => {}); // the next tap finds out
}

function extend() {
  since = Date.now();
  stay();
  dialog.querySelector("[data-aloud]").textContent = "";
  if (dialog.open) dialog.close();
}

// What stands on the page goes first: the registry may take its time, or not answer at all.
export async function wipe() {
  clearInterval(clock);
  const form = new FormData(over);
  document.querySelectorAll("form").forEach((one) => one.reset());
  page.replaceChildren();
  if (dialog.open) dialog.close();
  try {
    await fetch(over.action, { method: "POST", body: form, redirect: "manual", keepalive: true });
  } catch {
    // The start page wipes as well, as soon as it can be had.
  }
  const leave = () => whenAnswered(() => location.replace("/kiosk"), () => setTimeout(leave, 3 * SECOND));
  leave();
}

// Two soft notes, for whoever looks away. A browser that was never touched stays silent.
function chime() {
  if ("silent" in page.dataset || !navigator.userActivation?.hasBeenActive) return;
  const context = new AudioContext();
  for (const [pitch, after] of [[660, 0], [880, 0.18]]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.15, context.currentTime + after);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + after + 0.35);
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + after);
    tone.stop(context.currentTime + after + 0.35);
  }
}
