// The whole time in one strip: where the complaints of all shown lanes are, and which part is in view.
let summed = { of: null, columns: 0, sums: [] };
const sumErrors = (columns) => {
  if (summed.of === shown && summed.columns === columns) return summed.sums;
  const sums = new Float64Array(columns);
  const perColumn = (whole.to - whole.from) / sums.length;
  for (const index of shown) {
    for (const errors of data.lanes[index].errors) {
      errors.counts.forEach((count, i) => {
        if (!count) return;
        const first = Math.floor((errors.from + i * errors.width - whole.from) / perColumn), last = Math.floor((errors.from + (i + 1) * errors.width - whole.from) / perColumn);
        for (let column = Math.max(0, first); column <= Math.min(sums.length - 1, last); column++) sums[column] += count / (last - first + 1);
      });
    }
  }
  summed = { of: shown, columns, sums };
  return sums;
};

let drawnAs = "";
const drawOverview = () => {
  const canvas = byId("overview");
  const as = [view.from, view.to, canvas.clientWidth, gutter(), colours.bg, window.devicePixelRatio].join();
  if (as === drawnAs && summed.of === shown) return;
  drawnAs = as;
  const { pen, width, height } = prepare(canvas, 44);
  const x = (at) => gutter() + ((at - whole.from) / (whole.to - whole.from)) * (width - gutter());
  const sums = sumErrors(Math.max(1, Math.ceil((width - gutter()) / 3)));
  const most = Math.max(...sums);
  pen.fillStyle = colours.soft;
  box(pen, gutter(), 4, width - gutter(), height - 12, 4);
  pen.fill();
  pen.fillStyle = colours.error;
  sums.forEach((sum, column) => {
    if (!sum) return;
    const tall = Math.max(2, (height - 16) * (Math.log1p(sum) / Math.log1p(most)));
    pen.fillRect(gutter() + column * 3, height - 8 - tall, 2.5, tall);
  });
  for (const { across } of acrossItems.filter((item) => item.across)) line(pen, x(across.at), 4, x(across.at), height - 8, acrossColour(across.kind), { dash: [3, 2] });
  const [from, to] = [x(view.from), x(view.to)];
  pen.globalAlpha = 0.72;
  pen.fillStyle = colours.panel;
  pen.fillRect(gutter(), 3, from - gutter(), height - 10);
  pen.fillRect(to, 3, width - to, height - 10);
  pen.globalAlpha = 1;
  pen.strokeStyle = colours.focus;
  pen.lineWidth = 1.5;
  box(pen, from + 0.75, 3.75, Math.max(3, to - from - 1.5), height - 11.5, 4);
  pen.stroke();
};

const startOverview = () => {
  const canvas = byId("overview");
  const at = (event) => whole.from + ((event.offsetX - gutter()) / (canvas.clientWidth - gutter())) * (whole.to - whole.from);
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    const point = at(event), half = (view.to - view.from) / 2;
    held = point >= view.from && point <= view.to && half * 2 < (whole.to - whole.from) * 0.98 ? point - (view.from + view.to) / 2 : 0;
    canvas.setPointerCapture(event.pointerId);
    look(point - held - half, point - held + half);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (held === null) return;
    const half = (view.to - view.from) / 2;
    look(at(event) - held - half, at(event) - held + half);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { held = null; });
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY < 0 ? 0.8 : 1.25, clamp(at(event), view.from, view.to)); }, { passive: false });
};
