// What follows from a tap on the nine rows? All of them at once where asked, and no video of whoever may not be recorded.

const form = document.querySelector("[data-answers]");
const told = form.querySelector("[data-told]");
const rows = [...form.querySelectorAll("fieldset[data-use]")];
const video = form.querySelector("fieldset[data-use=video]");

const answerOf = (use) => form.querySelector(`fieldset[data-use=${use}] input:checked`)?.value;
const option = (row, value) => row.querySelector(`input[value=${value}]`);

for (const button of form.querySelectorAll("[data-fill]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    for (const row of rows) option(row, button.value).checked = true;
    settle();
    told.textContent = button.dataset.fill;
    document.querySelector("#answered").scrollIntoView({ block: "end", behavior: "auto" });
  });
}
form.addEventListener("change", settle);
settle();

function settle() {
  if (!video) return;
  const follows = answerOf("record") === "no";
  const yes = option(video, "yes");
  if (follows) option(video, "no").checked = true;
  else if (yes.disabled) option(video, "no").checked = false;
  yes.disabled = follows;
  video.querySelector("[data-follows]").hidden = !follows;
}
