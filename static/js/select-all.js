// The box in a table's head that ticks every row, and the count of what is ticked.

export function startSelection(root) {
  for (const table of root.querySelectorAll("table[data-selectable]")) {
    const all = table.querySelector("[data-select-all]");
    const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
    const count = root.querySelector("[data-selected-count]");
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      if (all) {
        all.checked = ticked > 0 && ticked === boxes.length;
        all.indeterminate = ticked > 0 && ticked < boxes.length;
      }
      if (count) {
        const { one = "item", many = "items" } = count.dataset;
        count.textContent = `${ticked} ${ticked === 1 ? one : many} selected`;
      }
    };
    if (all) {
      all.hidden = false;
      all.addEventListener("change", () => {
        for (const box of boxes) box.checked = all.checked;
        show();
      });
    }
    for (const clear of root.querySelectorAll("[data-clear-selection]")) {
      clear.addEventListener("click", (event) => {
        event.preventDefault();
        for (const box of boxes) box.checked = false;
        show();
      });
    }
    table.addEventListener("change", show);
    show();
  }
}
