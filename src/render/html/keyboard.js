// The chart by keys: lanes up and down, what happened left and right; what is said goes to the screen reader.
const startKeyboard = () => {
  const canvas = byId("drawing");

  const intoSight = (index) => {
    const holder = byId("lanes"), top = shown.indexOf(index) * rowHeight(), room = holder.clientHeight - AXIS;
    if (top < holder.scrollTop) holder.scrollTop = top;
    if (top + rowHeight() > holder.scrollTop + room) holder.scrollTop = top + rowHeight() - room;
  };
  const toLane = (row) => {
    if (!shown.length) return;
    const index = shown[clamp(row, 0, shown.length - 1)], items = itemsOf(index);
    const item = items.find((one) => one.kind === "finding" && one.finding.active) ?? items.findLast((one) => one.kind === "state") ?? items[0] ?? null;
    choose(item, { lane: index, pinned: item !== null });
    const lane = data.lanes[index];
    byId("spoken").textContent = say("lane", { name: lane.name, verdict: data.verdicts[lane.verdict], status: lane.status ?? say("unknown"), n: shown.indexOf(index) + 1, all: shown.length });
    intoSight(index);
    showDecreesOf(index);
    if (item) include(item.from, item.to);
  };
  const along = (by) => {
    if (selected.lane === null) { toLane(0); return; }
    const items = [...itemsOf(selected.lane), ...acrossItems].sort((a, b) => a.from - b.from);
    const now = items.indexOf(selected.item);
    const item = items[clamp(now < 0 ? 0 : now + by, 0, items.length - 1)];
    if (!item) return;
    choose(item, { lane: selected.lane, pinned: true });
    include(item.from, item.to);
  };
  const enter = () => {
    const item = selected.item?.kind === "finding" ? selected.item : itemsOf(selected.lane ?? -1).find((one) => one.kind === "finding");
    if (item) { location.hash = `f${item.place}`; reveal(`f${item.place}`); }
  };

  const keys = {
    ArrowDown: () => toLane(selected.lane === null ? 0 : shown.indexOf(selected.lane) + 1),
    ArrowUp: () => toLane(selected.lane === null ? 0 : shown.indexOf(selected.lane) - 1),
    PageDown: () => toLane(shown.indexOf(selected.lane) + 10),
    PageUp: () => toLane(shown.indexOf(selected.lane) - 10),
    Home: () => toLane(0),
    End: () => toLane(shown.length - 1),
    ArrowRight: () => along(1),
    ArrowLeft: () => along(-1),
    Enter: enter,
    Escape: () => choose(null, { lane: selected.lane }),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    "0": reset,
    "[": () => shift(-0.4),
    "]": () => shift(0.4),
  };
  canvas.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    pointer.inside = false;
    act();
  });
  byId("card").addEventListener("keydown", (event) => { if (event.key === "Escape") { choose(null); canvas.focus(); } });
};
