// Who signed while we looked away? Asks every five seconds, and tells of whoever is new.

import * as sound from "./sound.js";

const EVERY_MS = 5000;

const page = document.querySelector("[data-witness]");
const told = page.querySelector("[data-told]");
const lost = page.querySelector("[data-lost]");
const signedOut = page.querySelector("[data-signed-out]");

const list = () => page.querySelector("[data-waiting]");
const rows = () => [...list().querySelectorAll("[data-reference]")];

async function refresh() {
  const address = new URL(page.dataset.witness, location.href);
  address.searchParams.set("mark", list().dataset.mark);
  try {
    const response = await fetch(address, { cache: "no-store", redirect: "manual" });
    if (response.type === "opaqueredirect" || response.status === 401) return standStill();
    if (response.status !== 200 && response.status !== 204) throw new Error(response.status);
    if (response.status === 200) show(await response.text());
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
  setTimeout(refresh, EVERY_MS);
}

function standStill() {
  signedOut.hidden = false;
}

function show(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-waiting]");
  const known = new Set(rows().map((row) => row.dataset.reference));
  const here = list().contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list().replaceWith(document.importNode(fresh, true));
  if (here) [...list().querySelectorAll("a")].find((link) => link.getAttribute("href") === here)?.focus();
  announce(rows().filter((row) => !known.has(row.dataset.reference)));
}

function announce(arrived) {
  if (!arrived.length) return;
  told.textContent = arrived.map((row) => told.dataset.one.replace("{signer}", row.dataset.signer)).join(". ");
  sound.play("arrived");
}

sound.offer(page.querySelector("[data-sound]"));
setTimeout(refresh, EVERY_MS);
