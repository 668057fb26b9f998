// Moments, in milliseconds since the begin of the logs, as people read them in the zone of the page.
const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

const zoneAt = (at) => data.zone.findLast((zone) => zone[0] <= at) ?? data.zone[0] ?? [0, 0, "UTC"];
const local = (at) => new Date(data.begin + at + zoneAt(at)[1] * MINUTE);
const two = (value) => String(value).padStart(2, "0");
const dayOf = (at) => { const d = local(at); return `${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`; };
const clockOf = (at) => { const d = local(at); return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`; };
const dated = dayOf(0) !== dayOf(data.length);

const moment = (at, exact = false) => {
  const d = local(at);
  const time = `${clockOf(at)}:${two(d.getUTCSeconds())}${exact ? "." + String(d.getUTCMilliseconds()).padStart(3, "0") : ""}`;
  return dated ? `${dayOf(at)} ${time}` : time;
};

// At most two units, as in the rest of the report.
const lasting = (ms) => {
  const s = Math.max(0, Math.round(ms / SECOND));
  const d = Math.floor(s / 86400), h = Math.floor(s / 3600) % 24, m = Math.floor(s / 60) % 60;
  if (d) return say("days", { d, h });
  if (h) return say("hours", { h, m });
  if (m) return say("minutes", { m, s: s % 60 });
  return say("seconds", { s });
};

const STEPS = [SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE,
  30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY];

// Round moments between two others, at most so many; each with its label.
const ticks = (from, to, most) => {
  const step = STEPS.find((s) => (to - from) / s <= most) ?? STEPS.at(-1);
  const offset = data.begin + zoneAt(from)[1] * MINUTE;
  const marks = [];
  for (let at = Math.ceil((from + offset) / step) * step - offset; at <= to; at += step) {
    const midnight = (at + offset) % DAY === 0;
    const label = step >= DAY || midnight ? dayOf(at) : step < MINUTE ? moment(at).slice(-8) : clockOf(at);
    marks.push({ at, label, strong: midnight });
  }
  return marks;
};
