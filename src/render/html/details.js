// The card beside the pointer: what is there, and the lines that prove it.
const proofLine = ([path, line, at, text]) => {
  const entry = make("li");
  const place = make("p", "place");
  place.append(make("span", "path", line === null ? data.paths[path] : `${data.paths[path]}:${line}`), make("span", "", moment(at, true)));
  entry.append(place, make("pre", "", text));
  return entry;
};

// The proof of a finding stands in its article.
const proofOf = (place, most) => all(".proof > li", byId(`f${place}`) ?? document.createElement("i")).slice(0, most).map((entry) => entry.cloneNode(true));

const swatch = (colour) => {
  const element = make("i", "swatch");
  element.style.background = colour;
  return element;
};

const describe = (item) => {
  const title = make("span"), texts = [], lines = [];
  const range = (from, to) => say("from_to", { from: moment(from), to: moment(to) });
  if (item.kind === "state") {
    const { state } = item;
    title.append(swatch(stateColour(state.name)), state.name ?? say("unknown"));
    texts.push(`${range(item.from, item.to)} · ${lasting(item.to - item.from)}`);
    if (!state.seen) texts.push(say("before_logs"));
    if (state.line) lines.push(proofLine(state.line));
  } else if (item.kind === "finding") {
    const { finding } = item;
    title.append(swatch(severityColour(finding.severity)), say("finding", finding));
    texts.push(`${range(item.from, item.to)} · ${say(finding.active ? "active" : "over")}`);
    lines.push(...proofOf(item.place, 3));
  } else if (item.kind === "errors") {
    const total = item.of.reduce((sum, part) => sum + part.count, 0);
    title.append(swatch(colours.error), say("errors", { count: number.format(total), from: moment(item.from), to: moment(item.to) }));
    for (const part of item.of.slice(0, 3)) {
      const errors = part.errors ?? part;
      texts.push(`${errors.level} ${say("of_all", { count: number.format(part.count), event: errors.event })}`);
      if (errors.count > 1) texts.push(say("in_all", { count: number.format(errors.count), from: moment(errors.first[2]), to: moment(errors.last[2]) }));
      lines.push(proofLine(errors.first));
      if (errors.count > 1 && item.of.length < 3) lines.push(proofLine(errors.last));
    }
  } else {
    const { across } = item;
    title.append(say(across.kind === "restart" && across.to === null ? "gone" : across.kind, across));
    texts.push(across.to === null ? moment(across.at) : `${range(across.at, across.to)} · ${lasting(across.to - across.at)}`);
    lines.push(...across.lines.map(proofLine));
  }
  return { title, texts, lines };
};

let told = null;
const showCard = () => {
  const card = byId("card"), { item, pinned } = selected;
  card.hidden = !item;
  card.classList.toggle("pinned", pinned);
  if (!item) { told = null; return; }
  if (told !== item) {
    told = item;
    const { title, texts, lines } = describe(item);
    const heading = make("h3");
    heading.id = "card-title";
    heading.append(title);
    const close = make("button", "close", "×");
    close.type = "button";
  close.setAttribute("aria-label", say("close"));
    close.addEventListener("click", () => { choose(null); byId("drawing").focus(); });
    const parts = [close, heading];
    if (item.lane !== null) {
      const lane = data.lanes[item.lane];
      parts.push(make("p", "dim", `${lane.name} → ${lane.target} ${lane.key ?? ""}`));
    }
    parts.push(...texts.map((text) => make("p", "", text)));
    if (item.kind === "finding") {
      const link = make("a", "", say("to_finding"));
      link.href = `#f${item.place}`;
      const line = make("p");
      line.append(link);
      parts.push(line);
    }
    const list = make("ol", "lines");
    list.append(...lines);
    card.replaceChildren(...parts, list);
    byId("spoken").textContent = [title.textContent, ...texts, ...lines.slice(0, 1).map((line) => `${say("proof")}: ${line.textContent}`)].join(". ");
  }
  placeCard(card, item);
};

// Beside its place, never over it, and within the board.
const placeCard = (card, item) => {
  if (small()) return;
  const board = byId("board"), canvas = byId("drawing"), row = shown.indexOf(item.lane);
  const top = canvas.offsetTop + byId("lanes").offsetTop;
  const y = item.lane === null ? top + AXIS + 6 : top + AXIS + (row + 1) * rowHeight() - byId("lanes").scrollTop + 4;
  const room = board.clientHeight - y;
  const above = item.lane !== null && room < card.offsetHeight && y > card.offsetHeight + rowHeight();
  card.style.top = `${Math.round(above ? y - rowHeight() - card.offsetHeight - 8 : y)}px`;
  const x = pointer.inside ? pointer.x : toX(clamp(item.from, view.from, view.to));
  card.style.left = `${Math.round(clamp(x + 14, 0, size.board - card.offsetWidth))}px`;
};
