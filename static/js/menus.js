// Menus are <details>: they open without this. It closes them on Escape and on a click elsewhere,
// and folds the filters of a list away on a narrow screen.

const NARROW = "(max-width: 640px)";

export function startMenus(root) {
  const menus = root.querySelectorAll("details[data-menu]");
  for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }
  root.addEventListener("click", (event) => {
    for (const menu of menus) {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    }
  });
  const narrow = window.matchMedia(NARROW);
  const fold = () => {
    for (const filters of root.querySelectorAll("details[data-filters]")) filters.open = !narrow.matches;
  };
  narrow.addEventListener("change", fold);
  fold();
}
