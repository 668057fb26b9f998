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
  new ResizeObserver(measure).observe(byId("board"));
};
start();
