// Which address stands for what is on the page? A reload and the language switch both follow it.

const CHOICES = ["use", "platform", "channel", "program"];

export class Address {
  #form;
  #path;

  constructor(form) {
    this.#form = form;
    this.#path = new URL(form.action).pathname;
  }

  // A question is {patron}, or {q} with what was typed, or {q, scanned: true}, or null for none.
  toAsk(question) {
    const { patron, q } = question ?? {};
    const asked = new URLSearchParams(patron ? { patron } : q ? { q } : {});
    for (const name of CHOICES) asked.set(name, this.#form.elements[name].value);
    return `${this.#path}?${asked}`;
  }

  // A card's code is left out: it must stay neither in the history nor before everybody's eyes.
  stand(question) {
    this.#put(this.toAsk(question?.scanned ? null : question));
  }

  #put(address) {
    for (const back of document.querySelectorAll("input[name=back]")) back.value = address;
    // Browsers refuse to be told too often, and a scanner is quick.
    if (location.pathname + location.search + location.hash !== address) history.replaceState(null, "", address);
  }
}

// What the page was asked when the browser opened it.
export function questionOf(address, isCode) {
  const asked = new URL(address, location.href).searchParams;
  const q = (asked.get("q") ?? "").trim();
  if (q) return { q, scanned: isCode(q) };
  return asked.get("patron") ? { patron: asked.get("patron") } : null;
}
