// May we, now? Asks without leaving the page, and never shows an answer that is not fresh.

import { Camera } from "./camera.js";
import { Address, questionOf } from "./lookup_address.js";
import { catchKey, endScans, isCode, Scanner } from "./lookup_scanner.js";
import { Suggestions } from "./lookup_suggestions.js";
import * as sound from "./sound.js";

const LATE_MS = 3000;
const OLD_MS = 5 * 60 * 1000;
const RECENT_MOST = 10;

const page = document.querySelector("[data-lookup]");
const form = document.querySelector("#look-up");
const field = form.elements.q;
const answer = document.querySelector("#answer");
const status = page.querySelector("[data-status]");
const recent = page.querySelector("[data-recent]");
const scanner = new Scanner();
const address = new Address(form);
const addressOf = (patron) => address.toAsk({ patron });
const suggestions = new Suggestions(page.querySelector("[data-suggestions]"), status, page.dataset.people, addressOf);

let question = null; // what the page answers, or is about to
let asked = null; // the question that is on its way; an answer to any other comes too late
let shownAt = 0;
let people = [];
let aside = null; // what a key has just cleared away: a card that is read twice brings it back

// Before anything is asked or shown: whatever was asked before is not what the page stands for any longer.
function standFor(next) {
  question = next;
  form.elements.patron.value = next?.patron ?? "";
  address.stand(next);
}

async function ask(next, { fresh = true } = {}) {
  if (fresh) scanner.forget();
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  aside = null;
  suggestions.clear();
  clear();
  standFor(next);
  answer.setAttribute("aria-busy", "true");
  answer.dataset.checking = status.dataset.checking;
  status.textContent = status.dataset.checking;
  const timer = setTimeout(() => mine.abort("late"), LATE_MS);
  const shown = await fetchAnswer(address.toAsk(next), mine.signal);
  clearTimeout(timer);
  if (asked !== mine) return;
  asked = null;
  answer.removeAttribute("aria-busy");
  status.textContent = "";
  show(shown);
}

async function fetchAnswer(where, signal) {
  try {
    const response = await fetch(where, { cache: "no-store", headers: { "X-Part": "answer" }, redirect: "manual", signal });
    if (response.type === "opaqueredirect" || response.status === 401) return cannotCheck("signedOut");
    if (response.status !== 200) return cannotCheck("broken");
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#answer");
    return fresh ? [...fresh.childNodes].map((node) => document.importNode(node, true)) : cannotCheck("broken");
  } catch {
    return cannotCheck(signal.reason === "late" ? "late" : "broken");
  }
}

function cannotCheck(why) {
  const source = page.querySelector("[data-cannot-check]");
  const copy = source.content.cloneNode(true);
  copy.querySelector(".verdict").dataset.verdict = "cannot-check";
  copy.querySelector("[data-why]").textContent = source.dataset[why];
  copy.querySelector("[data-sign-in]").hidden = why !== "signedOut";
  return [...copy.childNodes];
}

function clear() {
  answer.replaceChildren();
  shownAt = 0;
}

function show(nodes) {
  answer.replaceChildren(...nodes);
  notice();
  focusField();
  answer.querySelector("[data-verdict]")?.scrollIntoView({ block: "nearest" });
}

// The address the browser came by stays only where asking again needs it.
function opened() {
  question = questionOf(location.href, isCode);
  if (!answer.querySelector("[data-verdict=cannot-check]")) standFor(question);
  notice();
}

// What an answer brings with it, however it came to be on the page.
function notice() {
  const verdict = answer.querySelector("[data-verdict]");
  const about = answer.querySelector("[data-patron]");
  shownAt = verdict ? Date.now() : 0;
  if (verdict) sound.play(verdict.dataset.verdict);
  if (!about) return;
  standFor({ patron: about.dataset.patron });
  remember(about.dataset.patron, about.dataset.name);
}

function remember(patron, name) {
  people = [{ patron, name }, ...people.filter((other) => other.patron !== patron)].slice(0, RECENT_MOST);
  const items = people.map((person) => {
    const link = document.createElement("a");
    link.href = addressOf(person.patron);
    link.dataset.again = person.patron;
    link.textContent = person.name;
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  recent.querySelector("ol").replaceChildren(...items);
  recent.hidden = false;
}

function bringBack(kept) {
  suggestions.clear();
  answer.replaceChildren(...kept.nodes);
  shownAt = kept.shownAt;
  standFor(kept.question);
  aside = null;
  focusField();
}

function focusField() {
  field.focus({ preventScroll: true });
  field.select();
}

function expire() {
  if (!shownAt || Date.now() - shownAt < OLD_MS) return;
  answer.replaceChildren(...cannotCheck("old"));
  shownAt = 0;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = field.value.trim();
  if (typed) {
    if (!scanner.isScan(typed)) return ask({ q: typed });
    const back = aside;
    if (scanner.isRepeated(typed, event.timeStamp) && back) return bringBack(back);
    scanner.asked(typed, event.timeStamp);
    return ask({ q: typed, scanned: true }, { fresh: false });
  }
  if (form.elements.patron.value) return ask({ patron: form.elements.patron.value });
  return focusField();
});

form.addEventListener("change", (event) => {
  if (event.target === field) return;
  if (question) ask(question);
  else standFor(null);
});

field.addEventListener("input", () => {
  asked?.abort();
  asked = null;
  answer.removeAttribute("aria-busy");
  // An answer about one person must not stand below the name of another.
  if (shownAt) aside = { nodes: [...answer.childNodes], shownAt, question };
  clear();
  standFor(null);
  suggestions.typed(field.value);
});

endScans(field, form, scanner);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) {
    asked?.abort();
    asked = null;
    answer.removeAttribute("aria-busy");
    suggestions.clear();
    clear();
    standFor(null);
    aside = null;
    field.value = "";
    return field.focus();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return arrow(event);
  return catchKey(event, field, scanner);
});

function arrow(event) {
  const steps = event.key === "ArrowDown" ? 1 : -1;
  const links = [...answer.querySelectorAll("a[data-person]")];
  const at = links.indexOf(document.activeElement);
  if (event.target !== field && at < 0 && !event.target.closest("[data-suggestions]")) return;
  const moved = suggestions.move(steps) || (links[at + steps]?.focus(), at + steps in links);
  if (moved) event.preventDefault();
  else if (steps < 0 && event.target !== field) {
    event.preventDefault();
    focusField();
  }
}

page.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-person], [data-suggestions] a, a[data-again]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  field.value = link.querySelector(".lookup-person__name")?.textContent ?? link.textContent;
  ask(questionOf(link.href, isCode));
});

// One answer at a time: the camera is off before the verdict comes.
const camera = new Camera(page.querySelector("[data-camera]"), (code) => {
  camera.stop();
  scanner.asked(code, performance.now());
  ask({ q: code, scanned: true }, { fresh: false });
});

sound.offer(page.querySelector("[data-sound]"), focusField);

setInterval(expire, 5000);
document.addEventListener("visibilitychange", expire);
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || !shownAt) return;
  shownAt = 0;
  answer.replaceChildren(...cannotCheck("old"));
});

// An address that leads to the answer keeps the browser from its own first step into the field.
const ledToAnswer = Boolean(location.hash);
opened();
if (ledToAnswer) focusField();
