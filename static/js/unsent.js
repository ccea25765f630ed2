// Keeps what is typed into a form that counts only once it is sent: <form data-unsent="url">. When the window was closed
// before, offers to put it back. The server forgets it when the form arrives: the field "unsent" says which.

import { keepSaved } from "./autosave.js";

// These belong to this opening of the page; "version" goes with the words, so that a change made meanwhile is noticed.
const OF_THE_PAGE = ["csrfmiddlewaretoken", "act_id", "unsent"];

export function startKeeping(root) {
  if (!root.body.dataset.sessionUrl) return; // nobody is signed in for whom it could be kept
  for (const form of root.querySelectorAll("form[method=post][data-unsent]")) keep(form);
}

function keep(form) {
  const path = form.getAttribute("action") || location.pathname + location.search;
  const url = `${form.dataset.unsent}?path=${encodeURIComponent(path)}`;

  const tellServer = () => {
    if (form.elements.unsent) return;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "unsent", value: path });
    form.append(field);
  };

  keepSaved(form, {
    url,
    body: () => {
      tellServer();
      return typedIn(form);
    },
    words: (said) => `Kept at ${said.saved_at}. Not sent yet.`,
  });

  fetch(url, { headers: { "X-Requested-With": "fetch", Accept: "application/json" }, credentials: "same-origin" })
    .then((reply) => (reply.ok ? reply.json() : {}))
    .then((kept) => {
      if (!kept.fields) return;
      tellServer();
      const typed = kept.fields.filter(([name]) => !OF_THE_PAGE.includes(name));
      if (differs(form, typed)) offer(form, url, typed, kept.kept_at);
    })
    .catch(() => {}); // without an answer there is nothing to offer
}

// The form as it stands, without its files: those cannot be put back.
function typedIn(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  return body;
}

function differs(form, typed) {
  const asText = (pairs) => JSON.stringify(pairs.filter(([name]) => name !== "version").map(plain).sort());
  const shown = [...typedIn(form)].filter(([name]) => !OF_THE_PAGE.includes(name));
  return asText(shown) !== asText(typed);
}

function plain([name, value]) {
  return [name, value.replace(/\r\n?/g, "\n")];
}

function offer(form, url, typed, when) {
  const box = document.createElement("section");
  box.className = "gh-inset gh-inset--soon";
  box.setAttribute("aria-label", "What you typed before");
  box.innerHTML = "<p role='status'><strong>You typed something here and did not send it.</strong> <span></span></p>";
  box.querySelector("span").textContent = `It was kept on ${when}.`;
  const buttons = document.createElement("div");
  buttons.className = "govuk-button-group gh-actions";
  box.append(buttons);

  const button = (words, act) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "govuk-button govuk-button--secondary", textContent: words });
    made.addEventListener("click", () => {
      act();
      box.remove();
    });
    buttons.append(made);
  };
  button("Put it back", () => putBack(form, typed));
  button("Forget it", () => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("forget", "1");
    fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
  });
  form.before(box);
}

function putBack(form, typed) {
  const values = new Map();
  for (const [name, value] of typed) values.set(name, [...(values.get(name) ?? []), value]);
  let first = null;
  for (const field of form.elements) {
    if (!field.name || OF_THE_PAGE.includes(field.name) || field.type === "file") continue;
    const given = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") {
      // A click, not a value: questions that open under a choice listen for it.
      if (field.checked !== given.includes(field.value)) field.type === "radio" && field.checked ? (field.checked = false) : field.click();
    } else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = given.includes(option.value);
    } else if (given.length) {
      field.value = given.shift();
    }
    if (field.type !== "hidden") {
      field.dispatchEvent(new Event("input", { bubbles: true }));
      first ??= field;
    }
  }
  first?.focus();
}
