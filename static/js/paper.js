// A paper's section: keeps files out of what is saved while typing, and says "Saved at" where the eye is.
// Without this the form saves as it always does, and the words stand under the buttons.

const form = document.querySelector("form[data-autosave]");

if (form) {
  let sending = false;

  form.addEventListener("submit", () => {
    sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });

  // Saving while typing builds the same form data as the button does; only the button sends files.
  form.addEventListener("formdata", (event) => {
    if (sending) return;
    for (const box of form.querySelectorAll("input[type=file]")) event.formData.delete(box.name);
  });

  const status = form.querySelector("[data-autosave-status]");
  let place = null;

  form.addEventListener("focusin", (event) => {
    place = event.target.closest(".gh-question")?.querySelector("[data-saved-here]") ?? null;
  });

  if (status) {
    new MutationObserver(() => {
      for (const other of form.querySelectorAll("[data-saved-here]")) {
        if (other !== place) other.textContent = "";
      }
      if (!place) return;
      place.textContent = status.textContent;
      place.classList.toggle("gh-question__saved--failed", status.classList.contains("gh-autosave--failed"));
    }).observe(status, { childList: true, characterData: true, subtree: true });
  }
}
