// Saves a form while it is being filled in: <form data-autosave="url">. Sends the whole form, at most every
// five seconds while something changes, and says "Saved at 4:31pm" in [data-autosave-status].
//
// The server answers {"saved_at": "4:31pm"}, with "version" when the record's version moved on. When it answers
// {"words": "…"} and an error status, the words are shown and the form's own button still works.

const WAIT_AFTER_TYPING_MS = 1500;
const LONGEST_WAIT_MS = 5000;
const NOT_SAVED = "Not saved. Check your connection; your answers are still on this page.";

export function startAutosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) keepSaved(form);
}

// The form's own address takes the whole form, unless told otherwise: where to, what of it, and the words that say so.
export function keepSaved(
  form,
  { url = form.dataset.autosave, body = () => new FormData(form), words = (said) => `Saved at ${said.saved_at}` } = {},
) {
  const status = form.querySelector("[data-autosave-status]");
  let dirtySince = 0;
  let timer = 0;
  let sending = false;
  let unsaved = false;

  const say = (words, failed) => {
    if (!status) return;
    status.textContent = words;
    status.classList.toggle("gh-autosave--failed", failed);
  };

  const send = async (keepalive = false) => {
    clearTimeout(timer);
    if (sending || !dirtySince) return;
    sending = true;
    dirtySince = 0;
    try {
      const reply = await fetch(url, {
        method: "POST",
        body: body(),
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive,
      });
      const said = await reply.json().catch(() => ({}));
      if (!reply.ok) throw new Error(said.words);
      unsaved = dirtySince > 0;
      if (said.version !== undefined) {
        const version = form.querySelector("input[name=version]");
        if (version) version.value = said.version;
      }
      say(words(said), false);
    } catch (fault) {
      unsaved = true;
      say(fault instanceof TypeError || !fault.message ? NOT_SAVED : fault.message, true);
    } finally {
      sending = false;
      if (dirtySince) plan();
    }
  };

  const plan = () => {
    clearTimeout(timer);
    const waited = Date.now() - dirtySince;
    timer = setTimeout(send, Math.max(0, Math.min(WAIT_AFTER_TYPING_MS, LONGEST_WAIT_MS - waited)));
  };

  const changed = () => {
    unsaved = true;
    dirtySince ||= Date.now();
    plan();
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    dirtySince = 0;
    unsaved = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
