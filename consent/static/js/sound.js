// What does a verdict sound like, and a new signing? Tones told apart without looking, off until somebody wants them.

const KEY = "look-up-sound";
const TONES = {
  yes: [[1320, 0, 0.16]],
  limits: [[880, 0, 0.12], [880, 0.2, 0.12]],
  no: [[196, 0, 0.28], [147, 0.32, 0.4]],
  "not-known": [[330, 0, 0.2], [262, 0.22, 0.2], [330, 0.44, 0.2]],
  "cannot-check": [[110, 0, 0.7]],
  arrived: [[660, 0, 0.14], [990, 0.16, 0.22]],
};
const PULSES = { yes: [60], limits: [60, 80, 60], no: [300, 100, 300], "not-known": [120, 80, 120, 80, 120], "cannot-check": [600], arrived: [80] };

let context = null;

export function isOn() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false; // storage may be switched off; then the sound is too
  }
}

export function turn(on) {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    return;
  }
  if (on) play("yes");
}

// Lets somebody turn it on and off; `then` is done after each turn.
export function offer(toggle, then = () => {}) {
  const show = () => {
    for (const words of toggle.querySelectorAll("[data-when]")) words.hidden = (words.dataset.when === "on") !== isOn();
  };
  toggle.addEventListener("click", () => {
    turn(!isOn());
    show();
    then();
  });
  toggle.hidden = false;
  show();
}

export function play(verdict) {
  if (!isOn() || !TONES[verdict]) return;
  navigator.vibrate?.(PULSES[verdict]);
  context ??= new AudioContext();
  context.resume();
  for (const [pitch, after, length] of TONES[verdict]) beep(pitch, context.currentTime + after, length);
}

function beep(pitch, at, length) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = pitch < 400 ? "square" : "sine";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.2, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + length);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + length);
}
