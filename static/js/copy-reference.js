// "Copy" beside a reference. The button is hidden in the page, because it does nothing without this.

const SHOW_FOR_MS = 3000;

export function startCopying(root) {
  if (!navigator.clipboard) return; // an address without TLS has none
  for (const button of root.querySelectorAll("[data-copy]")) {
    const words = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = words;
      }, SHOW_FOR_MS);
    });
  }
}
