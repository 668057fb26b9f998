// The lanes: only those in sight are drawn, so that five hundred are as quick as five.
const AXIS = 28;
const gutter = () => (small() ? 14 : clamp(size.board * 0.2, 150, 270));
const rowHeight = () => (small() ? 60 : 44);
const printing = { on: false };
const inSight = () => {
  const full = AXIS + shown.length * rowHeight() + 6;
  return printing.on ? Math.min(full, AXIS + 80 * rowHeight()) : Math.min(full, byId("lanes").clientHeight || full);
};
const toX = (at) => gutter() + ((at - view.from) / (view.to - view.from)) * (size.canvas - gutter() - 8);
const toTime = (x) => view.from + ((x - gutter()) / (size.canvas - gutter() - 8)) * (view.to - view.from);
const acrossColour = (kind) => colours[kind === "abort" ? "abort" : kind === "leader" ? "leader" : "across"];

const setHeight = (element, height) => {
  if (element.style.height !== `${height}px`) element.style.height = `${height}px`;
};

// Where things stand in a row, from its top.
const places = () => (small() ? { density: 20, tall: 13, bar: 34, thick: 13, marks: 53 } : { density: 4, tall: 13, bar: 18, thick: 13, marks: 37 });

const drawLanes = () => {
  const holder = byId("lanes"), canvas = byId("drawing");
  const full = AXIS + shown.length * rowHeight() + 6;
  setHeight(byId("tall"), full);
  const limit = printing.on ? full : Math.min(full, small() ? window.innerHeight * 0.62 : Math.min(window.innerHeight * 0.72, 736));
  setHeight(holder, Math.round(printing.on ? Math.min(full, AXIS + 80 * rowHeight()) : limit));
  const tall = inSight();
  setHeight(canvas, tall);
  const { pen, width, height } = prepare(canvas, tall);
  const left = gutter(), right = width - 8;
  const marks = ticks(view.from, view.to, Math.max(2, (right - left) / (small() ? 62 : 90)));

  pen.save();
  pen.beginPath();
  pen.rect(0, AXIS, width, height - AXIS);
  pen.clip();
  const first = Math.floor(holder.scrollTop / rowHeight()), last = Math.min(shown.length, Math.ceil((holder.scrollTop + height) / rowHeight()));
  for (let row = first; row < last; row++) {
    const y = AXIS + row * rowHeight() - holder.scrollTop;
    if (shown[row] === selected.lane) {
      pen.fillStyle = colours.select;
      pen.fillRect(0, y, width, rowHeight());
    }
    line(pen, 0, y + rowHeight() - 0.5, width, y + rowHeight() - 0.5, colours.grid);
  }
  for (const mark of marks) line(pen, toX(mark.at), AXIS, toX(mark.at), height, mark.strong ? colours.line : colours.grid);
  for (let row = first; row < last; row++) drawLane(pen, shown[row], AXIS + row * rowHeight() - holder.scrollTop, left, right);
  pen.restore();
  drawAcross(pen, left, right, height);
  drawAxis(pen, marks, left, width);
  Object.assign(byId("board").dataset, { from: Math.round(view.from), to: Math.round(view.to), lanes: shown.length, drawn: last - first });
  if (pointer.drag?.moved) drawDrag(pen, left, right, height);
};

const drawLane = (pen, index, y, left, right) => {
  const lane = data.lanes[index], at = places();
  const verdict = colours[{ failed: "red", stuck: "red", "at-risk": "red", unknown: "yellow", paused: "ds-pause", "in-progress": "cyan", healthy: "ds-log" }[lane.verdict] ?? "dim"];
  pen.fillStyle = verdict;
  box(pen, 4, y + 6, 4, rowHeight() - 12, 2);
  pen.fill();
  if (small()) {
    write(pen, lane.name, 16, y + 11, { room: right * 0.6 - 14, weight: 600 });
    write(pen, data.verdicts[lane.verdict], right, y + 11, { align: "right", colour: colours.dim, size: 11 });
  } else {
    write(pen, lane.name, 14, y + 15, { room: left - 24, weight: 600 });
    write(pen, `→ ${lane.target}`, 14, y + 30, { room: left - 24, colour: colours.dim, size: 11 });
  }
  pen.save();
  pen.beginPath();
  pen.rect(left, y, right - left, rowHeight());
  pen.clip();
  drawStates(pen, lane, y + at.bar, at.thick, left, right);
  drawErrors(pen, lane, y + at.density, at.tall, left, right);
  drawFindings(pen, index, y + at.marks);
  outline(pen, index, y, at, left, right);
  pen.restore();
};

const drawStates = (pen, lane, y, thick, left, right) => {
  for (const state of lane.states) {
    const from = Math.max(left - 4, toX(state.from)), to = Math.min(right + 4, toX(state.to ?? data.length));
    if (to < left || from > right) continue;
    const wide = Math.max(1.5, to - from - 0.75);
    pen.fillStyle = state.name ? stateColour(state.name) : hatch(pen);
    box(pen, from, y, wide, thick, 3);
    pen.fill();
    // The name, where it fits: colour alone tells nothing.
    const begin = Math.max(from, left);
    if (to - begin > 56 && state.name) write(pen, state.name, begin + 6, y + thick / 2 + 0.5, { room: to - begin - 10, size: 10, weight: 600, colour: onState(state.name) });
  }
};

const drawErrors = (pen, lane, y, tall, left, right) => {
  const bars = (levels, colour) => {
    pen.fillStyle = colour;
    for (const errors of lane.errors) {
      if (!levels.includes(errors.level)) continue;
      const wide = (errors.width / (view.to - view.from)) * (right - left);
      for (let i = Math.max(0, Math.floor((view.from - errors.from) / errors.width)); i < errors.counts.length; i++) {
        if (!errors.counts[i]) continue;
        const x = toX(errors.from + i * errors.width);
        if (x > right) break;
        const high = Math.max(1.5, tall * loudness((errors.counts[i] * HOUR) / errors.width));
        pen.fillRect(x, y + tall - high, Math.max(1.5, wide - (wide > 4 ? 1 : 0)), high);
      }
    }
  };
  bars("W", colours.warning);
  bars("EF", colours.error);
};

const drawFindings = (pen, index, y) => {
  for (const item of itemsOf(index)) {
    if (item.kind !== "finding") continue;
    const colour = severityColour(item.finding.severity), x = toX(item.from);
    if (item.to > item.from) line(pen, x, y, toX(item.to), y, colour, { width: 2 });
    diamond(pen, x, y, 5.5, colour, item.finding.active);
  }
};

const diamond = (pen, x, y, size, colour, solid) => {
  pen.beginPath();
  pen.moveTo(x, y - size);
  pen.lineTo(x + size, y);
  pen.lineTo(x, y + size);
  pen.lineTo(x - size, y);
  pen.closePath();
  pen.fillStyle = solid ? colour : colours.panel;
  pen.fill();
  pen.strokeStyle = solid ? colours.panel : colour;
  pen.lineWidth = 1.5;
  pen.stroke();
};

// What the card is about.
const outline = (pen, index, y, at, left, right) => {
  const item = selected.item;
  if (!item || item.lane !== index) return;
  pen.strokeStyle = colours.focus;
  pen.lineWidth = 2;
  const from = Math.max(left + 1, toX(item.from)), to = Math.min(right - 1, toX(item.to));
  if (item.kind === "finding") { diamond(pen, toX(item.from), y + at.marks, 7, severityColour(item.finding.severity), true); pen.strokeStyle = colours.focus; pen.stroke(); return; }
  const [top, tall] = item.kind === "errors" ? [at.density, at.tall] : [at.bar, at.thick];
  box(pen, from, y + top, Math.max(4, to - from), tall, 3);
  pen.stroke();
};

const drawAcross = (pen, left, right, height) => {
  for (const item of acrossItems) {
    const x = toX(item.from);
    if (!item.across || x < left || x > right) continue;
    const kind = item.across.kind, bold = selected.item === item;
    pen.globalAlpha = bold ? 1 : 0.75;
    line(pen, x, AXIS - 8, x, height, acrossColour(kind), { width: bold ? 2.5 : kind === "abort" ? 1.5 : 1.25, dash: { restart: [5, 4], leader: [1.5, 3], abort: [] }[kind] });
    pen.globalAlpha = 1;
  }
};

const drawAxis = (pen, marks, left, width) => {
  pen.fillStyle = colours.panel;
  pen.fillRect(0, 0, width, AXIS - 8);
  line(pen, left, AXIS - 0.5, width, AXIS - 0.5, colours.line);
  if (!small()) write(pen, `${dated ? `${dayOf(Math.max(0, view.from))} ` : ""}${zoneAt(view.from)[2]}`, 14, 12, { colour: colours.dim, size: 11 });
  for (const mark of marks) {
    const x = toX(mark.at);
    if (x > left + 14 && x < width - 22) write(pen, mark.label, x, 10, { align: "center", colour: mark.strong ? colours.ink : colours.dim, size: 11, weight: mark.strong ? 600 : 400 });
  }
  for (const item of acrossItems) {
    const x = toX(item.from);
    if (x < left || x > width - 8) continue;
    if (item.finding) { diamond(pen, x, AXIS - 7, selected.item === item ? 7 : 5, severityColour(item.finding.severity), item.finding.active); continue; }
    pen.fillStyle = acrossColour(item.across.kind);
    pen.beginPath();
    pen.moveTo(x - 5, AXIS - 10);
    pen.lineTo(x + 5, AXIS - 10);
    pen.lineTo(x, AXIS - 2);
    pen.fill();
  }
};

const drawDrag = (pen, left, right, height) => {
  const [a, b] = [pointer.drag.from, pointer.x].map((x) => clamp(x, left, right)).sort((one, other) => one - other);
  pen.globalAlpha = 0.16;
  pen.fillStyle = colours.focus;
  pen.fillRect(a, AXIS, b - a, height - AXIS);
  pen.globalAlpha = 1;
  for (const x of [a, b]) line(pen, x, AXIS, x, height, colours.focus);
};
