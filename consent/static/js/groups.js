// May this picture go out? Scan after scan, without leaving the page, and never under a banner that is not fresh.

import { Camera } from "./camera.js";
import { Sending } from "./groups_sending.js";
import { catchKey, endScans, isCode, Scanner } from "./lookup_scanner.js";
import { Suggestions } from "./lookup_suggestions.js";
import * as sound from "./sound.js";

const OLD_MS = 5 * 60 * 1000;
const WORST_FIRST = ["no", "not-known", "limits", "yes"];

const page = document.querySelector("[data-groups]");
const form = page.querySelector("#add");
const field = form.elements.q;
const status = page.querySelector("[data-status]");
const refusals = page.querySelector("[data-refusals]");
const scanner = new Scanner();
const suggestions = new Suggestions(page.querySelector("[data-suggestions]"), status, page.dataset.people, (patron) => `?${new URLSearchParams({ patron })}`);
const sending = new Sending(form.elements.csrf_token.value, told);

let shownAt = Date.now();

const group = () => page.querySelector("#group");
const rows = () => [...group().querySelectorAll("[data-person]")];
const faces = () => new Map(rows().map((row) => [row.dataset.person, row.dataset.shown]));

function told(answer) {
  if (answer.wrong) return answer.wrong.submit();
  if (answer.failed) return cannotCheck(answer.failed);
  if (answer.part) show(answer.part);
  if (!answer.part || answer.more) wait();
  return undefined;
}

// Whoever is scanning goes on; the banner comes when everybody who was scanned is in it.
function wait() {
  group().setAttribute("aria-busy", "true");
  group().dataset.checking = status.dataset.checking;
  group().querySelector("[data-banner]")?.replaceChildren();
}

function show(part) {
  const before = faces();
  const inside = group().contains(document.activeElement);
  group().replaceWith(part);
  shownAt = Date.now();
  const arrived = rows().filter((row) => before.get(row.dataset.person) !== row.dataset.shown);
  tell(arrived);
  if (inside || document.activeElement === document.body) focusField();
}

// The count politely, each refusal at once, and by a sound what the last ones were answered.
function tell(arrived) {
  const notes = [...group().querySelectorAll("[data-note]")].map((note) => note.textContent.trim());
  status.textContent = [...notes, group().dataset.count].join(" ");
  const refused = arrived.filter((row) => row.dataset.shown !== "yes");
  if (refused.length) refusals.textContent = refused.map((row) => `${row.querySelector("[data-word]").textContent}: ${row.querySelector("[data-name]").textContent}`).join(". ");
  const worst = WORST_FIRST.find((shown) => arrived.some((row) => row.dataset.shown === shown));
  if (worst) sound.play(worst);
}

function cannotCheck(why) {
  const source = page.querySelector("[data-cannot-check]");
  const copy = source.content.cloneNode(true);
  copy.querySelector(".verdict").dataset.verdict = "cannot-check";
  copy.querySelector("[data-why]").textContent = source.dataset[why];
  copy.querySelector("[data-sign-in]").hidden = why !== "signedOut";
  const unsent = copy.querySelector("[data-unsent]");
  unsent.hidden = !sending.unsent;
  unsent.textContent = unsent.textContent.replace("{count}", String(sending.unsent));
  group().removeAttribute("aria-busy");
  // No answer in the list is fresh either.
  group().dataset.stale = "";
  group().querySelector("[data-banner]").replaceChildren(copy);
  status.textContent = "";
  refusals.textContent = "";
  sound.play("cannot-check");
  shownAt = 0;
}

function again() {
  sending.refresh(location.pathname);
}

function focusField() {
  field.focus({ preventScroll: true });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = field.value.trim();
  field.value = "";
  suggestions.clear();
  focusField();
  if (!typed) return;
  if (!isCode(typed)) return sending.change(form.action, [["q", typed], ["by", "search"]]);
  if (scanner.isRepeated(typed, event.timeStamp)) return;
  scanner.asked(typed, event.timeStamp);
  sending.scan(form.action, typed);
});

field.addEventListener("input", () => suggestions.typed(field.value));

endScans(field, form, scanner);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) {
    suggestions.clear();
    field.value = "";
    return focusField();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return arrow(event);
  const writing = event.target.closest("input, select, textarea");
  if (writing && (writing !== field || field.value)) return undefined;
  if (event.key === "Delete") return press(event, "[data-last]");
  if (event.key === "z" && (event.ctrlKey || event.metaKey)) return press(event, "[data-undo]");
  return catchKey(event, field, scanner);
});

function press(event, button) {
  event.preventDefault();
  group().querySelector(button)?.click();
}

function arrow(event) {
  if (event.target !== field && !event.target.closest("[data-suggestions]")) return;
  event.preventDefault();
  if (!suggestions.move(event.key === "ArrowDown" ? 1 : -1)) focusField();
}

page.addEventListener("click", (event) => {
  if (event.target.closest("[data-again]")) {
    event.preventDefault();
    return again();
  }
  const link = event.target.closest("[data-suggestions] a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
  event.preventDefault();
  suggestions.clear();
  field.value = "";
  focusField();
  return sending.change(form.action, [["person", new URL(link.href).searchParams.get("patron")], ["by", "search"]]);
});

page.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("[data-part]")) return;
  event.preventDefault();
  const path = event.submitter?.getAttribute("formaction") ?? event.target.action;
  sending.change(path, [...new FormData(event.target, event.submitter)], event.target);
});

sound.offer(page.querySelector("[data-sound]"), focusField);
new Camera(page.querySelector("[data-camera]"), (code) => sending.scan(form.action, code));

const print = page.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());

function expire() {
  if (shownAt && Date.now() - shownAt > OLD_MS) cannotCheck("old");
}

setInterval(expire, 5000);
document.addEventListener("visibilitychange", expire);
window.addEventListener("pageshow", (event) => event.persisted && again());
window.addEventListener("beforeunload", (event) => sending.unsent && event.preventDefault());
