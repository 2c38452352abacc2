// Was it typed by a person or by a scanner, and what did the scanner mean?

const CODE = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const FASTEST_TYPIST_MS = 35;
const SHORTEST_SCAN = 6;
const SAME_SCAN_MS = 2000;

export function tidyCode(given) {
  const upper = given.trim().toUpperCase();
  const at = upper.lastIndexOf("/C/");
  return (at < 0 ? upper : upper.slice(at + 3).replace(/\/+$/, ""))
    .replace(/[\s-]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
}

export const isCode = (given) => CODE.test(tidyCode(given));

// A scanner types wherever the focus is; a person who types into another field is left alone.
export function catchKey(event, field, scanner) {
  const writes = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (!writes || event.target === field || event.target.closest("input, textarea, [contenteditable]")) return;
  scanner.key(event.timeStamp);
  // A choice would take the letters for itself and change what is asked.
  event.preventDefault();
  field.focus();
  field.value = event.key;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Tab after a scan ends it as Enter does; after a name that a person typed it goes on to the next field.
export function endScans(field, form, scanner) {
  field.addEventListener("keydown", (event) => {
    if (event.key.length === 1) scanner.key(event.timeStamp);
    if (event.key === "Tab" && !event.shiftKey && field.value && scanner.isScan(field.value)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

export class Scanner {
  #first = 0;
  #last = 0;
  #keys = 0;
  #seen = "";
  #seenAt = -Infinity;

  // Each key that writes something, with the time at which it was pressed.
  key(at) {
    if (!this.#keys || at - this.#last > 10 * FASTEST_TYPIST_MS) {
      this.#first = at;
      this.#keys = 0;
    }
    this.#last = at;
    this.#keys += 1;
  }

  isScan(value) {
    if (isCode(value)) return true;
    return this.#keys >= SHORTEST_SCAN && (this.#last - this.#first) / (this.#keys - 1) < FASTEST_TYPIST_MS;
  }

  asked(value, at) {
    this.#seen = tidyCode(value);
    this.#seenAt = at;
    this.#keys = 0;
  }

  // Something else was asked in between: the same card is a new question.
  forget() {
    this.#seen = "";
    this.#keys = 0; // what is typed next is nobody's scan yet, however soon it comes
  }

  // A card held under the scanner is read again and again.
  isRepeated(value, at) {
    return tidyCode(value) === this.#seen && at - this.#seenAt < SAME_SCAN_MS;
  }
}
