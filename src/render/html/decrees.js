// Confirmed decrees and lag of one duplication, by partition.
const decrees = { lane: null, near: null, frame: { left: 0, right: 1 } };

const showDecreesOf = (lane) => {
  const select = byId("decrees-of");
  if (!select || !data.lanes[lane]?.decrees || decrees.lane === lane) return;
  decrees.lane = lane;
  decrees.near = null;
  select.value = String(lane);
  const { of, partitions } = data.lanes[lane].decrees;
  byId("decrees-note").textContent = partitions.length < of ? say("some_partitions", { shown: partitions.length, all: of }) : "";
  fillRows();
  changed();
};

const decreeRows = () => {
  const { partitions } = data.lanes[decrees.lane].decrees;
  return partitions.map(([partition, confirmed, committed], row) => ({
    partition, colour: rowColour(row, partitions.length), confirmed,
    lag: committed.length ? confirmed.map((value, i) => (value === null || committed[i] === null ? null : Math.max(0, committed[i] - Math.max(0, value)))) : [],
  }));
};

const drawDecrees = () => {
  if (decrees.lane === null) return;
  const { at } = data.lanes[decrees.lane].decrees, rows = decreeRows();
  decrees.frame = drawLines(byId("confirmed"), at, rows.map((row) => ({ ...row, values: row.confirmed.map((value) => (value === null ? null : Math.max(0, value))) })), decrees.near);
  const lagging = rows.filter((row) => row.lag.some((value) => value > 0));
  byId("lag").hidden = !lagging.length;
  byId("no-lag").hidden = lagging.length > 0;
  byId("no-lag").textContent = say("no_lag");
  if (lagging.length) drawLines(byId("lag"), at, lagging.map((row) => ({ ...row, values: row.lag })), decrees.near);
};

// What stands at the moment that is pointed at.
const readDecrees = () => {
  const reading = byId("reading");
  if (decrees.near === null) { reading.replaceChildren(); return; }
  const { at } = data.lanes[decrees.lane].decrees, near = decrees.near;
  const told = decreeRows().filter((row) => row.confirmed[near] !== null).sort((a, b) => (b.lag[near] ?? 0) - (a.lag[near] ?? 0)).slice(0, 16);
  const parts = told.map((row) => {
    const part = make("span");
    const lag = !row.lag[near] ? "" : ` (−${number.format(row.lag[near])})`;
    part.append(swatch(row.colour), `${row.partition}: ${number.format(row.confirmed[near])}${lag}`);
    return part;
  });
  reading.replaceChildren(make("span", "dim", moment(at[near])), ...parts);
};

const fillRows = () => {
  const details = byId("decrees-rows");
  const holder = details.querySelector("div");
  holder.replaceChildren();
  if (!details.open || decrees.lane === null) return;
  const { at } = data.lanes[decrees.lane].decrees, rows = decreeRows();
  const table = make("table", "rows"), head = make("tr"), body = make("tbody");
  const title = (text) => { const cell = make("th", "", text); cell.scope = "col"; return cell; };
  head.append(title(say("at")), ...rows.map((row) => title(say("partition", { n: row.partition }))));
  at.forEach((time, i) => {
    const line = make("tr");
    line.append(make("td", "", moment(time)), ...rows.map((row) => make("td", "number", row.confirmed[i] === null ? "" : `${number.format(row.confirmed[i])}${row.lag[i] ? ` (−${number.format(row.lag[i])})` : ""}`)));
    body.append(line);
  });
  const top = make("thead");
  top.append(head);
  table.append(top, body);
  holder.append(table);
};

const startDecrees = () => {
  const select = byId("decrees-of");
  if (!select) return;
  byId("decree-charts").hidden = false;
  select.addEventListener("change", () => showDecreesOf(Number(select.value)));
  byId("decrees-rows").addEventListener("toggle", fillRows);
  for (const id of ["confirmed", "lag"]) {
    const canvas = byId(id);
    const point = (near) => { decrees.near = near; readDecrees(); changed(); };
    canvas.addEventListener("pointermove", (event) => {
      const { left, right } = decrees.frame, time = view.from + ((event.offsetX - left) / (right - left)) * (view.to - view.from);
      const { at } = data.lanes[decrees.lane].decrees;
      point(at.reduce((best, moment, i) => (Math.abs(moment - time) < Math.abs(at[best] - time) ? i : best), 0));
    });
    canvas.addEventListener("pointerleave", () => point(null));
    canvas.addEventListener("keydown", (event) => {
      const { at } = data.lanes[decrees.lane].decrees, by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      point(clamp((decrees.near ?? (by > 0 ? -1 : at.length)) + by, 0, at.length - 1));
    });
  }
  whenChanged(drawDecrees);
  showDecreesOf(Number(select.value));
};
