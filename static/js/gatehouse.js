// Everything here is extra: each page reads and changes data without it.
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";
import { startAutosave } from "./autosave.js";
import { startCopying } from "./copy-reference.js";
import { startMenus } from "./menus.js";
import { startQueueKeys } from "./queue-keys.js";
import { startSelection } from "./select-all.js";
import { startSessionWarning } from "./session-warning.js";
import { startTriageKeys } from "./triage-keys.js";
import { startKeeping } from "./unsent.js";

initAll();
startMenus(document);
startCopying(document);
startSelection(document);
startQueueKeys(document);
startTriageKeys(document);
startAutosave(document);
startKeeping(document);
startSessionWarning(document.body);
