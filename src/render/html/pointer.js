// Mouse, pen and fingers on the lanes: hover or tap shows, dragging zooms, two fingers pinch.
const pointer = { x: 0, y: 0, inside: false, drag: null, fingers: new Map(), pinch: null };

const itemAt = (x, y) => {
  if (x < gutter() - 6) return null;
  const across = acrossItems.filter((item) => Math.abs(toX(item.from) - x) < (y < AXIS ? 7 : 3) && (y < AXIS || item.across));
  const nearest = (items, at) => items.toSorted((a, b) => Math.abs(at(a) - x) - Math.abs(at(b) - x))[0] ?? null;
  if (y < AXIS) return nearest(across, (item) => toX(item.from));
  const place = y - AXIS + byId("lanes").scrollTop, row = Math.floor(place / rowHeight()), index = shown[row];
  if (index === undefined) return null;
  const at = places(), inRow = place - row * rowHeight(), lane = data.lanes[index];
  const items = itemsOf(index), reach = small() ? 12 : 8;
  const mark = nearest(items.filter((item) => item.kind === "finding" && Math.abs(toX(item.from) - x) < reach), (item) => toX(item.from));
  if (mark && inRow >= at.bar + at.thick - 2) return mark;
  const under = items.findLast((item) => item.kind === "finding" && toX(item.from) <= x && x <= toX(item.to));
  if (under && inRow >= at.marks - 5) return under;
  if (inRow < at.bar && inRow >= at.density - 2) {
    const of = errorsBetween(lane, toTime(x - 5), toTime(x + 5));
    if (of.length) {
      const [from, to] = [Math.min(...of.map((part) => part.from)), Math.max(...of.map((part) => part.to))];
      const same = told?.kind === "errors" && told.lane === index && told.from === from && told.to === to && !told.whole;
      return same ? told : { kind: "errors", lane: index, from, to, of };
    }
  }
  if (across.length) return nearest(across, (item) => toX(item.from));
  return items.find((item) => item.kind === "state" && toX(item.from) - 1 <= x && x <= toX(item.to) + 1) ?? null;
};

const laneAt = (y) => (y < AXIS ? null : (shown[Math.floor((y - AXIS + byId("lanes").scrollTop) / rowHeight())] ?? null));

const startPointer = () => {
  const canvas = byId("drawing");
  const note = (event) => {
    const frame = canvas.getBoundingClientRect();
    pointer.x = event.clientX - frame.left;
    pointer.y = event.clientY - frame.top;
  };
  const pinching = () => {
    const [a, b] = [...pointer.fingers.values()];
    return { length: Math.max(24, Math.abs(a.x - b.x)), middle: (a.x + b.x) / 2 };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    note(event);
    pointer.fingers.set(event.pointerId, { x: pointer.x });
    if (pointer.fingers.size === 2) {
      pointer.drag = null;
      pointer.pinch = { ...pinching(), view: { ...view } };
    } else if (event.pointerType !== "touch" && pointer.x > gutter()) {
      pointer.drag = { from: pointer.x, moved: false };
      canvas.setPointerCapture(event.pointerId);
    } else {
      pointer.drag = null;
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    note(event);
    pointer.inside = true;
    if (pointer.fingers.has(event.pointerId)) pointer.fingers.set(event.pointerId, { x: pointer.x });
    if (pointer.pinch && pointer.fingers.size === 2) {
      const { length, middle, view: before } = pointer.pinch, now = pinching();
      const share = (middle - gutter()) / (canvas.clientWidth - gutter()), held = before.from + share * (before.to - before.from);
      const wide = (before.to - before.from) * (length / now.length);
      look(held - share * wide, held + (1 - share) * wide);
      return;
    }
    if (pointer.drag && Math.abs(pointer.x - pointer.drag.from) > 5) pointer.drag.moved = true;
    if (pointer.drag?.moved) { if (!selected.pinned) choose(null); changed(); return; }
    if (!selected.pinned && event.pointerType !== "touch") choose(itemAt(pointer.x, pointer.y), { lane: laneAt(pointer.y) });
  });
  canvas.addEventListener("pointerup", (event) => {
    note(event);
    const { drag, pinch } = pointer;
    pointer.fingers.delete(event.pointerId);
    pointer.drag = null;
    if (pinch) { if (pointer.fingers.size === 0) pointer.pinch = null; return; }
    if (drag?.moved) {
      const [from, to] = [toTime(drag.from), toTime(pointer.x)].sort((a, b) => a - b);
      look(Math.max(from, view.from), Math.min(to, view.to));
      return;
    }
    const item = itemAt(pointer.x, pointer.y), lane = laneAt(pointer.y);
    choose(item, { lane, pinned: item !== null });
    if (lane !== null) showDecreesOf(lane);
  });
  canvas.addEventListener("pointercancel", (event) => { pointer.fingers.delete(event.pointerId); pointer.drag = null; pointer.pinch = null; changed(); });
  canvas.addEventListener("pointerleave", () => {
    pointer.inside = false;
    if (!selected.pinned && !pointer.drag) choose(null);
  });
  canvas.addEventListener("dblclick", reset);
  canvas.addEventListener("wheel", (event) => {
    // Plain turning scrolls the lanes and the page.
    if (!(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.offsetY < AXIS)) return;
    event.preventDefault();
    const by = event.deltaY || event.deltaX;
    if (event.shiftKey) shift(Math.sign(by) * 0.15);
    else zoom(by < 0 ? 0.8 : 1.25, clamp(toTime(event.offsetX), view.from, view.to));
  }, { passive: false });
  byId("lanes").addEventListener("scroll", changed, { passive: true });
  document.addEventListener("pointerdown", (event) => {
    if (selected.pinned && !byId("board").contains(event.target)) choose(null);
  });
};
