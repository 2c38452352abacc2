// Who may be meant, while a name is being typed? Links, in the server's order; nobody is ever chosen by itself.

const PAUSE_MS = 200;

export class Suggestions {
  #list;
  #status;
  #address;
  #href;
  #timer = 0;
  #request = null;

  // `href` makes the address of a person's verdict.
  constructor(list, status, address, href) {
    this.#list = list;
    this.#status = status;
    this.#address = address;
    this.#href = href;
  }

  typed(text) {
    this.clear();
    if (text.trim()) this.#timer = setTimeout(() => this.#ask(text), PAUSE_MS);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
    this.#list.replaceChildren();
    this.#list.hidden = true;
    this.#status.textContent = "";
  }

  // Moves the focus by so many links; true when there was one to move to.
  move(steps) {
    const links = [...this.#list.querySelectorAll("a")];
    const next = links[links.indexOf(document.activeElement) + steps];
    next?.focus();
    return Boolean(next);
  }

  async #ask(text) {
    const request = new AbortController();
    this.#request = request;
    try {
      const answer = await fetch(`${this.#address}?${new URLSearchParams({ q: text })}`, { signal: request.signal, redirect: "error" });
      const found = answer.ok ? await answer.json() : null;
      if (found && this.#request === request) this.#show(found);
    } catch {
      // No suggestions are no answer: the verdict itself will say what is wrong.
    }
  }

  #show({ people, more }) {
    this.#list.replaceChildren(...people.map((person) => this.#item(person)));
    this.#list.hidden = !people.length;
    const { some, none, more: others } = this.#status.dataset;
    const said = people.length ? some.replace("{count}", String(people.length)) : none;
    this.#status.textContent = more ? `${said} ${others}` : said;
  }

  #item({ id, name, told }) {
    const link = document.createElement("a");
    link.className = "lookup-person__link";
    link.href = this.#href(id);
    link.append(line("lookup-person__name", name), line("lookup-person__told", told));
    const item = document.createElement("li");
    item.append(link);
    return item;
  }
}

function line(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}
