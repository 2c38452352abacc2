// Does the registry answer? Where it does not, the page sends the family to the desk and waits without a word.

const AGAIN = 3000;
const PATIENCE = 2000;

const page = document.querySelector("#kiosk");
const notWorking = document.querySelector("#not-working");
let waiting = null;

// A page that belongs to nobody asks all the time: whoever comes next must not find a dead screen.
if (page.dataset.asks) setInterval(() => whenAnswered(() => {}), AGAIN);

export async function whenAnswered(then, otherwise = () => {}) {
  const answer = await ask();
  if (answer === null) {
    show(true);
    otherwise();
    waiting ??= setTimeout(() => {
      waiting = null;
      whenAnswered(() => {});
    }, AGAIN);
    return;
  }
  show(false);
  if (page.dataset.asks && answer !== page.dataset.asks) location.reload();
  else then();
}

// What state the kiosk is in; null where nobody answers.
async function ask() {
  try {
    const answer = await fetch("/kiosk/alive", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return answer.status >= 500 ? null : (await answer.json()).state;
  } catch {
    return null;
  }
}

function show(broken) {
  if (notWorking.hidden === !broken) return;
  notWorking.hidden = !broken;
  page.hidden = broken;
  if (broken) notWorking.querySelector("h2").focus();
}
