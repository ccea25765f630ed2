// Five minutes before the session ends, says so and offers to stay signed in.
// <body data-session-seconds="1800" data-session-url="…">. Asking (GET) does not count as activity; staying (POST) does.

const WARN_BEFORE_S = 300;

export function startSessionWarning(body) {
  const seconds = Number(body.dataset.sessionSeconds);
  const url = body.dataset.sessionUrl;
  if (!seconds || !url) return;
  let box = null;
  let timer = 0;

  const wait = (left) => {
    clearTimeout(timer);
    timer = setTimeout(check, Math.max(1, left - WARN_BEFORE_S) * 1000);
  };

  const hide = () => {
    box?.remove();
    box = null;
  };

  const ended = () => {
    hide();
    show("You have been signed out.", "What you typed is still on this page. Send it as usual: you will be asked to sign in first, and your answers are kept.");
  };

  const check = async () => {
    const left = await ask("GET");
    if (left === null) return wait(WARN_BEFORE_S + 60); // the network may come back
    if (left <= 0) return ended();
    if (left > WARN_BEFORE_S) {
      hide();
      return wait(left);
    }
    const minutes = Math.max(1, Math.round(left / 60));
    show(
      `You will be signed out in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
      "You have not done anything for a while.",
      "Stay signed in",
      async () => {
        const now = await ask("POST");
        hide();
        if (now) wait(now);
        else ended();
      },
    );
    timer = setTimeout(check, Math.min(left + 1, 60) * 1000);
  };

  const ask = async (method) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    try {
      const reply = await fetch(url, {
        method,
        headers: { "X-Requested-With": "fetch", "X-CSRFToken": token, Accept: "application/json" },
        credentials: "same-origin",
      });
      if (reply.status === 401) return 0;
      return reply.ok ? (await reply.json()).seconds_left : null;
    } catch {
      return null;
    }
  };

  const show = (strong, words, label, act) => {
    if (!box) {
      box = document.createElement("section");
      box.className = "gh-timeout";
      box.setAttribute("aria-label", "Your session");
      box.innerHTML = "<div role='alert'><p><strong></strong> <span></span></p></div>";
      body.append(box);
    }
    box.querySelector("strong").textContent = strong;
    box.querySelector("span").textContent = words;
    if (label && !box.querySelector("button")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "govuk-button";
      button.textContent = label;
      button.addEventListener("click", act);
      box.append(button);
    }
  };

  wait(seconds);
}
