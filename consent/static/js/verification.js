// How far is it? Shows each line of progress that the registry sends while it verifies; without this, the page waits.

const form = document.querySelector("[data-verify]");
const place = document.querySelector("[data-progress]");
const bar = place.querySelector("progress");
const said = place.querySelector("[data-said]");
const ASKS_SELDOM = 20;

function show({ entries, of }, told) {
  bar.max = of || 1;
  bar.value = entries;
  // Read aloud, each number would be in the way of the next.
  if (told % ASKS_SELDOM === 0) {
    said.textContent = said.dataset.said
      .replace("{entries}", entries.toLocaleString(document.documentElement.lang))
      .replace("{all}", of.toLocaleString(document.documentElement.lang));
  }
}

async function verify(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let begun = "";
  let told = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (begun + part.value).split("\n");
    begun = lines.pop();
    lines.filter(Boolean).forEach((line) => show(JSON.parse(line), told++));
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  place.hidden = false;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/x-ndjson" },
      body: new FormData(form),
    });
    if (answer.headers.get("Content-Type").startsWith("application/x-ndjson")) {
      await verify(answer);
      location.assign(form.action);
      return;
    }
  } catch {
    // The page without a script tells what is wrong.
  }
  form.submit();
});
