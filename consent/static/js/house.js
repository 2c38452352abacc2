// A form that came back with errors: the first thing read out and reached by the keyboard is what is wrong.
document.querySelector("[data-focus]")?.focus();

// A menu closes as menus do.
for (const menu of document.querySelectorAll("[data-menu]")) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}
