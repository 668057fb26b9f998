// Light, dark, or as the system has it; colours of the style sheet for the canvases.
const THEMES = ["auto", "light", "dark"];
let theme = "auto";
try { theme = THEMES.includes(localStorage.getItem("dupdoctor-theme")) ? localStorage.getItem("dupdoctor-theme") : "auto"; } catch { /* a page from a file may not keep anything */ }

let colours = {};
const readColours = () => {
  const style = getComputedStyle(document.documentElement);
  colours = new Proxy({}, { get: (known, name) => (known[name] ??= style.getPropertyValue(`--${name}`).trim()) });
  changed();
};

const wear = (name) => {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  readColours();
};

const startTheme = () => {
  const button = byId("theme");
  const show = () => { button.textContent = say(theme); wear(theme); };
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try { localStorage.setItem("dupdoctor-theme", theme); } catch { /* as above */ }
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readColours);
  show();
};

const STATES = { DS_INIT: "ds-init", DS_START: "ds-start", DS_PREPARE: "ds-prepare", DS_APP: "ds-app", DS_LOG: "ds-log", DS_PAUSE: "ds-pause", DS_REMOVED: "ds-removed" };
const stateColour = (name) => colours[STATES[name] ?? "unknown"];
const onState = (name) => (name === "DS_APP" || name === "DS_LOG" || name === "DS_START" ? colours["on-dark-state"] : name && name !== "DS_REMOVED" && name !== "DS_INIT" ? colours["on-state"] : colours.ink);
const severityColour = (severity) => colours[{ critical: "red", error: "red", warning: "yellow" }[severity] ?? "cyan"];
