// Drawing that is sharp on every screen, and text that fits.
const FONT = getComputedStyle(document.body).fontFamily;

const prepare = (canvas, height) => {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
};

// Cut with … where it does not fit.
const widths = new Map();
const fitted = (pen, text, room) => {
  const key = `${pen.font}|${room | 0}|${text}`;
  if (widths.has(key)) return widths.get(key);
  let fit = text;
  if (pen.measureText(text).width > room) {
    const letters = [...text];
    let [least, most] = [0, letters.length];
    while (least < most) {
      const middle = (least + most + 1) >> 1;
      if (pen.measureText(letters.slice(0, middle).join("") + "…").width <= room) least = middle;
      else most = middle - 1;
    }
    fit = least > 1 ? letters.slice(0, least).join("") + "…" : "";
  }
  if (widths.size > 20000) widths.clear();
  widths.set(key, fit);
  return fit;
};

const write = (pen, text, x, y, { room = Infinity, colour = colours.ink, size = 12, weight = 400, align = "left" } = {}) => {
  pen.font = `${weight} ${size}px ${FONT}`;
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillText(room === Infinity ? text : fitted(pen, text, room), x, y);
};

const line = (pen, x1, y1, x2, y2, colour, { width = 1, dash = [] } = {}) => {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
  pen.setLineDash([]);
};

const box = (pen, x, y, width, height, radius) => {
  pen.beginPath();
  pen.roundRect(x, y, width, height, Math.min(radius, width / 2));
};

// Stretches of time that nothing is known about.
let hatching = { key: "", pattern: null };
const hatch = (pen) => {
  const key = `${colours.unknown}${colours.line}`;
  if (hatching.key === key) return hatching.pattern;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const p = tile.getContext("2d");
  p.fillStyle = colours.unknown;
  p.fillRect(0, 0, 8, 8);
  p.strokeStyle = colours.line;
  p.lineWidth = 2;
  p.beginPath();
  for (const offset of [-8, 0, 8]) { p.moveTo(offset, 8); p.lineTo(offset + 8, 0); }
  p.stroke();
  hatching = { key, pattern: pen.createPattern(tile, "repeat") };
  return hatching.pattern;
};
