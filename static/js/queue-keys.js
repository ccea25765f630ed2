// Single keys on a queue. They work only while a row has the focus, only when the person has not turned them
// off (data-keys="off"), and never decide anything: they open a page or move to the control that decides.
//
// <table data-queue data-keys="on" data-verbs="accept ask decline"> with rows <tr data-row>, of which some have a
// data-verbs of their own: the pages behind 1, 2 and 3, below the address of the row's link [data-open]. A row holds
// its tick box.

const VERB_KEYS = ["1", "2", "3"];

function addressOf(table, row, key) {
  const link = row.querySelector("a[data-open]");
  const verb = (row.dataset.verbs ?? table.dataset.verbs ?? "").split(" ")[VERB_KEYS.indexOf(key)];
  if (!link || !verb || verb === "-") return "";
  const page = new URL(link.href);
  return `${page.pathname}do/${verb}/${page.search}`;
}

export function startQueueKeys(root) {
  for (const table of root.querySelectorAll("table[data-queue]")) {
    if (table.dataset.keys === "off") continue;
    const rows = [...table.querySelectorAll("tr[data-row]")];
    if (rows.length === 0) continue;
    const legend = root.querySelector("[data-keys-legend]");
    const place = root.querySelector("[data-row-place]");

    // One row at a time is reached with Tab; J and K move from there.
    const rest = (row) => {
      for (const other of rows) other.tabIndex = other === row ? 0 : -1;
    };
    const go = (row) => {
      if (!row) return;
      rest(row);
      row.focus();
      row.scrollIntoView({ block: "nearest" });
    };
    const tick = (row) => {
      const box = row.querySelector("input[type=checkbox]");
      if (box && !box.checked) box.click();
    };
    rest(rows[0]);

    // With the focus nowhere, J goes to the row that Tab would reach.
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "j") return;
      if (document.activeElement !== document.body && document.activeElement !== null) return;
      go(rows.find((row) => row.tabIndex === 0));
      event.preventDefault();
    });

    table.addEventListener("focusin", (event) => {
      const row = event.target.closest("tr[data-row]");
      for (const other of rows) other.classList.toggle("gh-queue__row--focus", other === row);
      if (row && place) place.textContent = `Row ${rows.indexOf(row) + 1} of ${rows.length}`;
    });
    table.addEventListener("focusout", (event) => {
      if (!table.contains(event.relatedTarget)) {
        for (const row of rows) row.classList.remove("gh-queue__row--focus");
      }
    });

    table.addEventListener("keydown", (event) => {
      const row = event.target.closest("tr[data-row]");
      if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
      const here = rows.indexOf(row);
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const onRowItself = event.target === row;
      let done = true;
      if (key === "j") go(rows[here + 1]);
      else if (key === "k") go(rows[here - 1]);
      else if (key === "Enter" && onRowItself) row.querySelector("[data-open]")?.click();
      else if (key === "x") row.querySelector("input[type=checkbox]")?.click();
      else if (key === "a") {
        tick(row);
        root.querySelector("select[data-assign-to], [data-assign-to] select")?.focus();
      } else if (key === "m") {
        tick(row);
        root.querySelector("[data-assign-me]")?.focus();
      } else if (key === "?" && legend) {
        legend.tabIndex = -1;
        legend.focus();
      } else if (key === "/") (root.querySelector("[data-queue-search]") ?? root.querySelector("#header-search"))?.focus();
      else if (VERB_KEYS.includes(key) && addressOf(table, row, key)) window.location.assign(addressOf(table, row, key));
      else done = false;
      if (done) event.preventDefault();
    });
  }
}
