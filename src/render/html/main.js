// Puts it together.
const start = () => {
  for (const note of all(".unscripted")) note.hidden = true;
  startTheme();
  startCopy();
  startPrint();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#f"]');
    if (link) requestAnimationFrame(() => reveal(link.getAttribute("href").slice(1)));
  });
  if (location.hash.startsWith("#f")) reveal(location.hash.slice(1));
  if (!byId("board")) return;
  byId("board").hidden = false;
  byId("how-to").hidden = false;
  measure();
  startZoom();
  startOverview();
  startPointer();
  startKeyboard();
  startDecrees();
  whenChanged(drawOverview);
  whenChanged(drawLanes);
  whenChanged(showCard);
  startFilter();
  // A scroll bar of the lanes changes the width of the drawing, not of the board.
  const watcher = new ResizeObserver(measure);
  for (const id of ["board", "drawing"]) watcher.observe(byId(id));
};
start();
