// Single keys on the page of one request, for whoever came from a queue. They work only while the answers have the
// focus, only when the person has not turned them off, and never decide anything: they follow a link or move to the
// button that decides.
//
// <nav data-triage data-keys="on" tabindex="-1"> with links [data-key="1"]; [data-key] may stand elsewhere too.

export function startTriageKeys(root) {
  const triage = root.querySelector("[data-triage][data-keys='on']");
  if (!triage) return;
  if (triage.dataset.focus === "on") triage.focus({ preventScroll: true });

  triage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    const key = event.key.toLowerCase();
    const target =
      key === "j"
        ? root.querySelector("a[rel='next']")
        : key === "k"
          ? root.querySelector("a[rel='prev']")
          : root.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target instanceof HTMLAnchorElement) target.click();
    else target.focus();
  });
}
