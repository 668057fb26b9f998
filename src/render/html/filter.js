// Which lanes are shown: by table, verdict and code. Rows and findings of the others are hidden, too.
let shown = data.lanes.map((_, index) => index);

const codesOf = data.lanes.map(() => new Set());
for (const finding of data.findings) if (finding.lane !== null) codesOf[finding.lane].add(finding.code);

const filter = () => {
  const table = byId("by-table").value.trim().toLowerCase(), code = byId("by-code").value;
  const verdicts = new Set(all("#by-verdict input:checked").map((input) => input.value));
  const fits = (lane, index) => verdicts.has(lane.verdict) && (!code || codesOf[index].has(code))
    && (!table || `${lane.name} ${lane.target} ${lane.key ?? ""}`.toLowerCase().includes(table));
  shown = data.lanes.map((_, index) => index).filter((index) => fits(data.lanes[index], index));
  const fitting = new Set(shown);
  for (const row of all("[data-lane]")) row.hidden = !fitting.has(Number(row.dataset.lane)) || (code !== "" && row.dataset.code !== undefined && row.dataset.code !== code);
  byId("count").textContent = shown.length ? say("lanes", { shown: number.format(shown.length), all: number.format(data.lanes.length) }) : say("none");
  if (selected.lane !== null && !fitting.has(selected.lane)) choose(null);
  changed();
};

const startFilter = () => {
  byId("tools").hidden = false;
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("by-table").addEventListener("input", filter);
  byId("by-code").addEventListener("change", filter);
  byId("by-verdict").addEventListener("change", filter);
  filter();
};

// A finding that is linked to is there, whatever the filter says.
const reveal = (id) => {
  const target = byId(id);
  if (!target) return;
  for (let element = target; element; element = element.parentElement) {
    element.hidden = false;
    if (element.tagName === "DETAILS") element.open = true;
  }
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start" });
};
