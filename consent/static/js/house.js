// A form that came back with errors: the first thing read out and reached by the keyboard is what is wrong.
document.querySelector("[data-focus]")?.focus();

// The menu of the person who is signed in closes as menus do.
const person = document.querySelector(".house-person");
if (person) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && person.open) {
      person.open = false;
      person.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!person.contains(event.target)) person.open = false;
  });
}
