// Line charts over the same time as the lanes.
const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#8a63d2", "#7a7f86"];
const rowColour = (row, of) => (of <= PALETTE.length ? PALETTE[row] : `hsl(${Math.round((row * 360) / of)} 62% ${document.documentElement.dataset.theme === "dark" ? 64 : 50}%)`);

// Round values from the least to the most, few enough to read.
const levels = (least, most) => {
  const span = Math.max(1, most - least), raw = span / 4, power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? raw);
  const marks = [];
  for (let value = Math.floor(least / step) * step; value <= most + step * 0.999; value += step) marks.push(Math.round(value));
  return marks;
};

const short = (value) => (Math.abs(value) >= 1e9 ? `${+(value / 1e9).toFixed(2)} G` : Math.abs(value) >= 1e6 ? `${+(value / 1e6).toFixed(2)} M` : Math.abs(value) >= 1e4 ? `${+(value / 1e3).toFixed(1)} k` : number.format(value));

// Draws rows of values at moments; `near` is the moment that the pointer is at.
const drawLines = (canvas, at, rows, near) => {
  const { pen, width, height } = prepare(canvas, 190);
  const left = Math.max(58, gutter()), right = width - 8, top = 8, bottom = height - 22;
  const x = (time) => left + ((time - view.from) / (view.to - view.from)) * (right - left);
  const values = rows.flatMap((row) => row.values.filter((value) => value !== null));
  const marks = levels(Math.min(...values, 0), Math.max(...values, 1));
  const [least, most] = [marks[0], marks.at(-1)];
  const y = (value) => bottom - ((value - least) / (most - least || 1)) * (bottom - top);
  for (const mark of marks) {
    line(pen, left, Math.round(y(mark)) + 0.5, right, Math.round(y(mark)) + 0.5, colours.grid);
    write(pen, short(mark), left - 8, y(mark), { align: "right", colour: colours.dim, size: 11 });
  }
  for (const tick of ticks(view.from, view.to, Math.max(2, (right - left) / (small() ? 62 : 90)))) {
    line(pen, x(tick.at), top, x(tick.at), bottom, tick.strong ? colours.line : colours.grid);
    if (x(tick.at) < right - 14) write(pen, tick.label, x(tick.at), height - 10, { align: "center", colour: colours.dim, size: 11 });
  }
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, right - left, height);
  pen.clip();
  for (const { across } of acrossItems.filter((item) => item.across)) line(pen, x(across.at), top, x(across.at), bottom, acrossColour(across.kind), { dash: [3, 3] });
  for (const row of rows) {
    pen.strokeStyle = row.colour;
    pen.fillStyle = row.colour;
    pen.lineWidth = row.bold ? 3 : 1.75;
    pen.lineJoin = "round";
    pen.beginPath();
    let down = false;
    row.values.forEach((value, i) => {
      if (value === null) return;
      if (down) pen.lineTo(x(at[i]), y(value));
      else pen.moveTo(x(at[i]), y(value));
      down = true;
    });
    pen.stroke();
    if (at.length <= 60 && rows.length <= 16) row.values.forEach((value, i) => { if (value !== null) { pen.beginPath(); pen.arc(x(at[i]), y(value), 2.2, 0, 7); pen.fill(); } });
  }
  if (near !== null && at[near] !== undefined) {
    line(pen, x(at[near]), top, x(at[near]), bottom, colours.focus);
    for (const row of rows) {
      if (row.values[near] === null || row.values[near] === undefined) continue;
      pen.fillStyle = row.colour;
      pen.beginPath();
      pen.arc(x(at[near]), y(row.values[near]), 3.5, 0, 7);
      pen.fill();
    }
  }
  pen.restore();
  return { left, right };
};
