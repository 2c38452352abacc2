// One form of a pile by keyboard alone: Enter goes on, Y and N answer, and a scanned code of another form changes the page.

const form = document.querySelector("[data-paper-entry]");
const code = form.querySelector("[name=code]");
const use = form.querySelector("[name=use]");
const KEYS = { [form.dataset.yes]: "yes", [form.dataset.no]: "no" };

// A scanner types as hands do: over what stands there, not after it.
code.addEventListener("focus", () => code.select());
if (document.activeElement === code) code.select();

// Where Enter leads to. What is folded up is passed by; the Tab key opens it.
const stops = () =>
  [...form.querySelectorAll("input, select, button")].filter((one) => {
    if (one.type === "hidden" || one === use || !one.checkVisibility()) return false;
    if (one.type !== "radio") return true;
    // Of a question, whichever is chosen, or else its first.
    const group = [...form.querySelectorAll(`input[name="${one.name}"]`)];
    return one === (group.find((each) => each.checked) ?? group[0]);
  });

const goOnFrom = (field) => {
  const all = stops();
  const here = all.findIndex((one) => one === field || (one.type === "radio" && one.name === field.name));
  all[here + 1]?.focus();
};

for (const folded of form.querySelectorAll("details")) {
  folded.querySelector("summary").addEventListener("click", () => {
    if (!folded.open) folded.addEventListener("toggle", () => folded.querySelector("input").focus(), { once: true });
  });
}

// Once the scan is chosen, nothing is left but to save.
const scan = form.querySelector("[type=file]");
scan.addEventListener("change", () => scan.files.length && form.querySelector("button:not([name])").focus());

form.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const answer = field.type === "radio" && KEYS[event.key.toLowerCase()];
  if (answer) {
    event.preventDefault();
    const chosen = form.querySelector(`input[name="${field.name}"][value="${answer}"]`);
    chosen.checked = true;
    goOnFrom(chosen);
  } else if (event.key === "Enter" && field.matches("input:not([type=file]), select")) {
    event.preventDefault();
    if (field === code && code.value.trim() && code.value.trim() !== form.dataset.code) use.click();
    else goOnFrom(field);
  }
});
