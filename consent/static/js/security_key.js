// Asks the browser for the touch of a security key, and sends what it answers (WebAuthn).

const form = document.querySelector("[data-key]");
const button = form.querySelector("button");
const told = form.querySelector("[data-told]");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const readable = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

function create(asked) {
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const excludeCredentials = readable(asked.excludeCredentials);
  return navigator.credentials.create({
    publicKey: { ...asked, challenge: bytes(asked.challenge), user, excludeCredentials },
  });
}

function get(asked) {
  const allowCredentials = readable(asked.allowCredentials);
  return navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials } });
}

function answer(key) {
  const told = key.response;
  const response = { clientDataJSON: text(told.clientDataJSON) };
  if (told.attestationObject) {
    response.attestationObject = text(told.attestationObject);
  } else {
    response.authenticatorData = text(told.authenticatorData);
    response.signature = text(told.signature);
    if (told.userHandle) response.userHandle = text(told.userHandle);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}

function say(which) {
  for (const line of told.children) line.hidden = line.dataset.when !== which;
}

async function ask(event) {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true" || !form.reportValidity()) return;
  button.setAttribute("aria-disabled", "true");
  say("waiting");
  try {
    const asked = JSON.parse(form.dataset.asked);
    form.elements.answer.value = answer(await (form.dataset.key === "create" ? create(asked) : get(asked)));
    form.submit();
  } catch (error) {
    button.removeAttribute("aria-disabled");
    say(error.name === "InvalidStateError" ? "taken" : "failed");
  }
}

if (window.PublicKeyCredential) {
  form.addEventListener("submit", ask);
  button.hidden = button.disabled = false;
} else {
  say("unable");
}
