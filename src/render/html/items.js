// What there is to see in a lane, by time: statuses, complaints, findings. What lies across belongs to all.
const laneItems = new Map();

const itemsOf = (index) => {
  if (!data.lanes[index]) return [];
  if (laneItems.has(index)) return laneItems.get(index);
  const lane = data.lanes[index], items = [];
  for (const state of lane.states) items.push({ kind: "state", lane: index, from: state.from, to: state.to ?? data.length, state });
  data.findings.forEach((finding, place) => {
    if (finding.lane === index && finding.from !== null) items.push({ kind: "finding", lane: index, from: finding.from, to: finding.to, finding, place });
  });
  for (const errors of lane.errors) {
    if (errors.counts.length) items.push({ kind: "errors", lane: index, from: errors.first[2], to: errors.last[2], of: [errors], whole: true });
  }
  items.sort((a, b) => a.from - b.from || a.kind.localeCompare(b.kind));
  laneItems.set(index, items);
  return items;
};

const acrossItems = data.across.map((across) => ({ kind: "across", lane: null, from: across.at, to: across.to ?? across.at, across }));

// Findings that are about a server, an input or a request stand above the lanes.
data.findings.forEach((finding, place) => {
  if (finding.lane === null && finding.from !== null) acrossItems.push({ kind: "finding", lane: null, from: finding.from, to: finding.to, finding, place });
});
acrossItems.sort((a, b) => a.from - b.from);

// Complaints of a lane between two moments; a stretch counts with the share that lies between them.
const errorsBetween = (lane, from, to) => {
  const found = [];
  for (const errors of lane.errors) {
    const first = clamp(Math.floor((from - errors.from) / errors.width), 0, errors.counts.length), last = clamp(Math.ceil((to - errors.from) / errors.width), 0, errors.counts.length);
    let count = 0;
    for (let i = first; i < last; i++) count += errors.counts[i];
    if (count > 0) found.push({ errors, count, from: errors.from + first * errors.width, to: errors.from + last * errors.width });
  }
  return found;
};

// Complaints by hour as a share of the worst there is: many lanes compare, few lines still show.
let worst = 1;
for (const lane of data.lanes) for (const errors of lane.errors) for (const count of errors.counts) worst = Math.max(worst, (count * HOUR) / errors.width);
const loudness = (perHour) => (perHour <= 0 ? 0 : 0.22 + 0.78 * (Math.log1p(perHour) / Math.log1p(worst)));

// What is chosen: a lane, and something in it; pinned when it is to stay.
const selected = { lane: null, item: null, pinned: false };
const choose = (item, { lane = item?.lane ?? null, pinned = false } = {}) => {
  selected.lane = lane;
  selected.item = item;
  selected.pinned = pinned;
  changed();
};
