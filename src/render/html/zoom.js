// The stretch of time that is shown; the same for the lanes and for the lines.
const MARGIN = data.length * 0.012;
const LEAST = 2 * SECOND;
const whole = { from: -MARGIN, to: data.length + MARGIN };
const view = { ...whole };

const look = (from, to) => {
  const length = clamp(to - from, Math.min(LEAST, whole.to - whole.from), whole.to - whole.from);
  const middle = (from + to) / 2;
  view.from = clamp(middle - length / 2, whole.from, whole.to - length);
  view.to = view.from + length;
  changed();
};
const zoom = (factor, around = (view.from + view.to) / 2) => look(around - (around - view.from) * factor, around + (view.to - around) * factor);
const shift = (share) => { const by = (view.to - view.from) * share; look(view.from + by, view.to + by); };
const reset = () => look(whole.from, whole.to);

// Moves the view no more than needed so that something is in it.
const include = (from, to) => {
  const length = view.to - view.from, middle = to - from > length ? from : (from + to) / 2;
  if (middle < view.from + length * 0.05 || middle > view.to - length * 0.05) look(middle - length / 2, middle + length / 2);
};

const startZoom = () => {
  for (const [id, act] of [["zoom-in", () => zoom(0.5)], ["zoom-out", () => zoom(2)], ["earlier", () => shift(-0.4)], ["later", () => shift(0.4)], ["reset", reset]]) {
    byId(id).addEventListener("click", act);
  }
};
