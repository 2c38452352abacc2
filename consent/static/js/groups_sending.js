// Which changes are on their way? One after the other, in the order in which they were made; scans that wait go together.

const LATE_MS = 3000;

export class Sending {
  #token;
  #waiting = [];
  #busy = false;
  #told;

  // `told` is called with each answer: {part}, {failed: why} or {wrong: form}; and, before the first is sent, with {}.
  constructor(token, told) {
    this.#token = token;
    this.#told = told;
  }

  // How many cards were scanned that the registry does not know of yet.
  get unsent() {
    return this.#waiting.reduce((count, step) => count + (step.scans?.length ?? 0), 0);
  }

  get idle() {
    return !this.#busy && !this.#waiting.length;
  }

  scan(path, code) {
    const last = this.#waiting.at(-1);
    if (last?.scans) last.scans.push(code);
    else this.#waiting.push({ path, scans: [code] });
    this.#send();
  }

  change(path, fields, form) {
    this.#waiting.push({ path, fields, form });
    this.#send();
  }

  // Nothing is changed: only the answer is asked for anew, after whatever still waits.
  refresh(path) {
    this.#waiting.push({ path, fresh: true });
    this.#send();
  }

  async #send() {
    if (this.#busy) return;
    this.#busy = true;
    this.#told({});
    while (this.#waiting.length) {
      const step = this.#waiting.shift();
      const answer = await this.#ask(step);
      if (answer.failed) {
        // A scan that is sent twice is counted once; of any other change nobody knows whether it was made.
        this.#waiting = step.scans ? [step, ...this.#waiting.filter((one) => one.scans)] : this.#waiting.filter((one) => one.scans);
        this.#busy = false;
        return this.#told(answer);
      }
      if (!this.#waiting.length) this.#busy = false;
      this.#told({ ...answer, more: Boolean(this.#waiting.length) });
    }
    this.#busy = false;
    return undefined;
  }

  async #ask(step) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), LATE_MS);
    try {
      const response = await fetch(step.path, { ...this.#request(step), cache: "no-store", redirect: "manual", signal: late.signal });
      if (response.type === "opaqueredirect" || response.status === 401) return { failed: "signedOut" };
      if (response.status === 400 && !step.again) return await this.#askAgain(step);
      if (response.status === 422 && step.form) return { wrong: step.form };
      if (response.status !== 200) return { failed: "broken" };
      const part = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#group");
      if (!part) return { failed: "broken" };
      this.#token = part.querySelector("[name=csrf_token]").value;
      return { part: document.importNode(part, true) };
    } catch {
      return { failed: late.signal.aborted ? "late" : "broken" };
    } finally {
      clearTimeout(timer);
    }
  }

  // The page was open for so long that its forms are worth nothing any more, or somebody signed out elsewhere.
  async #askAgain(step) {
    const fresh = await this.#ask({ path: location.pathname, fresh: true, again: true });
    return fresh.failed ? fresh : this.#ask({ ...step, again: true });
  }

  #request(step) {
    const headers = { "X-Part": "group" };
    if (step.fresh) return { headers };
    const scans = (step.scans ?? []).map((code) => ["person", code]);
    const body = new URLSearchParams([...scans, ...(step.fields ?? [["by", "scan"]])]);
    body.set("csrf_token", this.#token);
    return { method: "POST", headers, body };
  }
}
