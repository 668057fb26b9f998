// The data of the page, and how its parts are found and made. Text from logs becomes text nodes, never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// A phrase of the page's language with its blanks filled in.
const say = (name, values = {}) => (data.words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const number = new Intl.NumberFormat(data.lang);

// Sizes, measured once for each change of the layout: asking the browser for them again and again is slow.
const size = { board: 0, canvas: 0, small: false };
const measure = () => {
  if (!byId("board")) return;
  size.small = window.innerWidth <= 640;
  size.board = byId("board").clientWidth;
  size.canvas = byId("drawing").clientWidth;
  changed();
};
const small = () => size.small;
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

// Those who want to know when the view, the filter, the theme or the selection changes.
const listeners = [];
const whenChanged = (listener) => listeners.push(listener);
let pending = false;
const changed = () => {
  if (pending) return;
  pending = true;
  requestAnimationFrame(() => {
    pending = false;
    for (const listener of listeners) listener();
  });
};
