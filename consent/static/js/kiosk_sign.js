// How is a signature drawn, kept when the screen turns, and sent once however often it is tapped?

import SignaturePad from "../vendor/signature_pad/signature_pad.min.js";
import { whenAnswered } from "./kiosk_line.js";

const form = document.querySelector("#question");
const canvas = document.querySelector("#pad");
const state = document.querySelector("#pad-state");
const sign = document.querySelector("#sign");
const notSaved = document.querySelector("#not-saved");
const kinds = [...form.querySelectorAll("input[name=kind]")];
const strokesSent = form.querySelector("[name=strokes]");
const drawnBefore = strokesSent.value;

const BOX = 1000; // what is sent is drawn on a pad this wide
const PATIENCE = 15000;

const pad = new SignaturePad(canvas, { penColor: "#162e51", minWidth: 1.2, maxWidth: 3.4 });
let width = 0;

form.querySelector("[data-kinds]").hidden = false;
if (!form.dataset.chosen && !kinds.some((kind) => kind.defaultChecked && kind.value === "drawn")) preferFingers();
form.addEventListener("change", (event) => event.target.name === "kind" && showPanel());
showPanel();
recall();
pad.addEventListener("endStroke", tellState);
document.querySelector("#clear").addEventListener("click", () => {
  pad.clear();
  tellState();
});
// A stroke is no swipe: the browser would take the next tap for a hand that stops a moving page.
canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
new ResizeObserver(fit).observe(canvas);

// Where fingers can draw, drawing comes first; the other way is one tap away.
function preferFingers() {
  const typed = form.querySelector("[name=name]").value;
  if (!typed && matchMedia("(any-pointer: coarse)").matches) kinds.find((kind) => kind.value === "drawn").checked = true;
}

function showPanel() {
  const chosen = kinds.find((kind) => kind.checked)?.value ?? "typed";
  for (const panel of form.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== chosen;
  if (chosen === "drawn") fit();
}

// The strokes are kept, and drawn again in the new size; a new height alone, as when a keyboard opens, changes nothing.
function fit() {
  const now = canvas.clientWidth;
  if (!now || now === width) return;
  const strokes = pad.toData();
  const factor = width ? now / width : 1;
  const sharp = Math.max(devicePixelRatio, 1);
  canvas.width = Math.round(now * sharp);
  canvas.height = Math.round(canvas.clientHeight * sharp);
  canvas.getContext("2d").scale(sharp, sharp);
  width = now;
  pad.fromData(strokes.map((stroke) => scaled(stroke, factor)));
  tellState();
}

function scaled(stroke, factor) {
  return { ...stroke, points: stroke.points.map((point) => ({ ...point, x: point.x * factor, y: point.y * factor })) };
}

// Only the line is sent: not how fast and not how hard it was drawn.
function strokes() {
  if (pad.isEmpty() || !width) return "";
  const place = (length) => Math.round((length * BOX) / width);
  return JSON.stringify(pad.toData().map((stroke) => stroke.points.map(({ x, y }) => [place(x), place(y)])));
}

// After an error, or in the other language, the drawing is still there.
function recall() {
  if (!drawnBefore || !canvas.clientWidth) return;
  try {
    const factor = canvas.clientWidth / BOX;
    const drawn = JSON.parse(drawnBefore);
    const point = ([x, y], at) => ({ x: x * factor, y: y * factor, time: at * 16, pressure: 0.5 });
    pad.fromData(drawn.map((points) => ({ penColor: "#162e51", minWidth: 1.2, maxWidth: 3.4, points: points.map(point) })));
  } catch {
    pad.clear(); // what came back was no drawing
  }
  tellState();
}

function tellState() {
  strokesSent.value = strokes();
  const told = pad.isEmpty() ? state.dataset.empty : state.dataset.present;
  if (state.textContent !== told) state.textContent = told;
}

form.addEventListener("submit", async (event) => {
  tellState();
  if (event.submitter !== sign && event.submitter?.name === "language") {
    event.preventDefault();
    return whenAnswered(() => {
      const chosen = document.createElement("input");
      Object.assign(chosen, { type: "hidden", name: "language", value: event.submitter.value });
      form.append(chosen);
      form.action = event.submitter.formAction;
      form.submit();
    });
  }
  event.preventDefault();
  if (sign.disabled) return;
  saving(true);
  try {
    const answer = await fetch(location.href, {
      method: "POST", body: new URLSearchParams(new FormData(form)), signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.redirected) return location.assign(answer.url);
    if (answer.status >= 500) throw new Error(answer.status);
    form.submit(); // something is to be corrected: the page that says so
  } catch {
    saving(false);
    notSaved.hidden = false;
    notSaved.focus();
  }
});

function saving(now) {
  sign.dataset.label ??= sign.textContent;
  sign.disabled = now;
  sign.setAttribute("aria-busy", String(now));
  sign.textContent = now ? sign.dataset.saving : sign.dataset.label;
  if (now) notSaved.hidden = true;
}
