// Says what is like the commission being registered, and the first day it can be in place, while the form is filled in.

const WAIT_MS = 700;
const ASKED = ["title", "category", "service_area", "level", "amount_ex_vat"];

function typedIn(form) {
  const query = new URLSearchParams();
  for (const name of ASKED) {
    const value = form.elements[name]?.value?.trim();
    if (value) query.set(name, value);
  }
  const [day, month, year] = [0, 1, 2].map((place) => form.elements[`needed_by_${place}`]?.value?.trim() ?? "");
  if (/^\d{4}$/.test(year) && /^\d{1,2}$/.test(month) && /^\d{1,2}$/.test(day)) {
    query.set("needed_by", `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
  }
  return query.toString();
}

export function startHints(root) {
  const place = root.querySelector("[data-hints]");
  const form = place?.parentElement?.querySelector("form");
  if (!form) return;
  let timer = 0;
  let last = "";
  let asking = null;

  async function ask() {
    const query = typedIn(form);
    if (query === last) return;
    last = query;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${place.dataset.hints}?${query}`, { signal: asking.signal, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return; // signed out meanwhile: the form itself says so when it is sent
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.childNodes);
      place.hidden = place.childElementCount === 0;
    } catch (fault) {
      if (fault.name !== "AbortError") place.hidden = true; // without a connection the form still works
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
}

startHints(document);
