// Which card is before the camera? The browser's own reader where it has one, else one that comes with the page.

import { isCode, tidyCode } from "./lookup_scanner.js";

const EVERY_MS = 120;
const SAME_CARD_MS = 2000;
const TOLD_FOR_MS = 1500;
const WHY = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy" };

export class Camera {
  #panel;
  #found;
  #part;
  #stream = null;
  #seen = new Map(); // what was read, and when it was last in view
  #starting = 0;

  // `found` is told of each card that comes into view, by its code.
  constructor(panel, found) {
    this.#panel = panel;
    this.#found = found;
    this.#part = (name) => panel.querySelector(`[data-camera-${name}]`);
    this.#part("start").addEventListener("click", () => this.#start());
    this.#part("stop").addEventListener("click", () => this.stop({ focus: true }));
    this.#part("light").addEventListener("click", () => this.#light());
    // Nobody is filmed once the page is left, or covered by another.
    window.addEventListener("pagehide", () => this.stop());
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    panel.hidden = false;
  }

  stop({ focus = false } = {}) {
    this.#starting += 1;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#part("seen").srcObject = null;
    this.#show(false);
    if (focus) this.#part("start").focus();
  }

  async #start() {
    const mine = (this.#starting += 1);
    this.#tell("");
    if (!window.isSecureContext || !navigator.mediaDevices) return this.#tell("plain");
    this.#part("start").disabled = true;
    try {
      const [stream, read] = await Promise.all([this.#open(), this.#reader()]);
      if (mine !== this.#starting) return stream.getTracks().forEach((track) => track.stop());
      this.#stream = stream;
      this.#seen.clear();
      const video = this.#part("seen");
      video.srcObject = stream;
      this.#show(true);
      this.#part("stop").focus();
      await video.play();
      this.#look(video, read, stream);
    } catch (wrong) {
      if (mine === this.#starting) {
        this.stop();
        this.#tell(WHY[wrong.name] ?? "broken");
      }
    } finally {
      this.#part("start").disabled = false;
    }
    return undefined;
  }

  #open() {
    return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } } });
  }

  async #reader() {
    const formats = (await window.BarcodeDetector?.getSupportedFormats?.()) ?? [];
    if (formats.includes("qr_code")) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await detector.detect(video)).map((code) => code.rawValue);
    }
    const { prepareZXingModule, readBarcodes } = await import(this.#panel.dataset.reader);
    const locateFile = (name, folder) => (name.endsWith(".wasm") ? this.#panel.dataset.wasm : folder + name);
    await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
    const canvas = document.createElement("canvas");
    return async (video) => (await readBarcodes(picture(video, canvas), { formats: ["QRCode"] })).map((code) => code.text);
  }

  // Looks as long as this stream is the one that is open.
  async #look(video, read, stream) {
    if (this.#stream !== stream) return;
    try {
      const texts = video.videoWidth ? await read(video) : [];
      if (this.#stream === stream) texts.filter(Boolean).forEach((text) => this.#see(text));
    } catch {
      // One picture that could not be read: the next one comes at once.
    }
    setTimeout(() => this.#look(video, read, stream), EVERY_MS);
  }

  // A card that stays in view is one card, however long.
  #see(text) {
    const now = performance.now();
    const same = now - (this.#seen.get(text) ?? -Infinity) < SAME_CARD_MS;
    this.#seen.set(text, now);
    if (same) return;
    if (!isCode(text)) return this.#tell("other");
    this.#tell("");
    this.#flash();
    this.#found(tidyCode(text));
  }

  #flash() {
    navigator.vibrate?.(60);
    const video = this.#part("seen");
    video.dataset.read = "";
    setTimeout(() => delete video.dataset.read, TOLD_FOR_MS);
  }

  async #light() {
    const button = this.#part("light");
    const on = button.getAttribute("aria-pressed") !== "true";
    await this.#stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
    button.setAttribute("aria-pressed", String(on));
  }

  #show(open) {
    this.#part("start").hidden = open;
    this.#part("stop").hidden = !open;
    this.#part("seen").hidden = !open;
    this.#part("light").hidden = !(open && this.#stream.getVideoTracks()[0].getCapabilities?.().torch);
    this.#part("light").setAttribute("aria-pressed", "false");
  }

  #tell(why) {
    this.#part("told").textContent = why && this.#panel.dataset[why];
  }
}

function picture(video, canvas) {
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
