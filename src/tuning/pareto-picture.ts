// What was tried, as a picture: cost against lost sharpness, both on logarithmic axes.
import { paretoFront, type SettingsSearch, type TriedSettings } from './search-settings.js';
import { describeSettings } from './tuned-settings.js';

const width = 640;
const height = 420;
const frame = { left: 70, top: 50, right: width - 20, bottom: height - 60 };
/** What loses less than this is drawn as if it lost this. */
const leastLoss = 1e-5;
const leastCost = 1e-3;
/** Okabe & Ito (2008): told apart by colour-blind eyes too. */
const colours = { tried: '#8a8a8a', front: '#0072b2', usual: '#d55e00', chosen: '#009e73' };

/** An SVG file. */
export function drawPareto({ tried, chosen, usual }: SettingsSearch, target: number): string {
  const lossOf = ({ summary }: TriedSettings) => Math.max(leastLoss, 1 - summary.retained);
  const costOf = ({ summary }: TriedSettings) => Math.max(leastCost, summary.cost);
  const allowed = Math.max(leastLoss, 1 - target);
  const x = axis([...tried.map(costOf), 1], frame.left, frame.right);
  const y = axis([...tried.map(lossOf), allowed], frame.bottom, frame.top);
  const at = (each: TriedSettings) => ({ x: x.at(costOf(each)).toFixed(1), y: y.at(lossOf(each)).toFixed(1) });
  const dot = (each: TriedSettings, radius: number, colour: string) => {
    const name = `${describeSettings(each.settings)}: ${(100 * each.summary.cost).toFixed(2)} % of the cost, ${(100 * each.summary.retained).toFixed(3)} % kept`;
    const place = at(each);
    return `<circle cx="${place.x}" cy="${place.y}" r="${radius}" fill="${colour}"><title>${name}</title></circle>`;
  };
  const front = paretoFront(tried);
  const grid = [
    ...x.ticks.map((tick) => {
      const across = x.at(tick).toFixed(1);
      const label = `${Number((100 * tick).toPrecision(3))} %`;
      return `<path d="M${across} ${frame.top}V${frame.bottom}" stroke="#dddddd"/><text x="${across}" y="${frame.bottom + 16}" text-anchor="middle">${label}</text>`;
    }),
    ...y.ticks.map((tick) => {
      const down = y.at(tick).toFixed(1);
      const label = `${Number((100 * tick).toPrecision(3))} %`;
      return `<path d="M${frame.left} ${down}H${frame.right}" stroke="#dddddd"/><text x="${frame.left - 6}" y="${Number(down) + 4}" text-anchor="end">${label}</text>`;
    }),
  ];
  const line = y.at(allowed).toFixed(1);
  const title = `Cost against lost sharpness: ${tried.length} settings on the tuning half`;
  const legend = [
    ['tried', colours.tried],
    ['none better', colours.front],
    ['default', colours.usual],
    ['chosen', colours.chosen],
  ] as const;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#222222" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${frame.left}" y="22" font-size="14" font-weight="600">${title}</text>`,
    ...legend.map(
      ([name, colour], i) =>
        `<circle cx="${frame.left + 6 + 100 * i}" cy="37" r="4" fill="${colour}"/><text x="${frame.left + 14 + 100 * i}" y="41">${name}</text>`,
    ),
    ...grid,
    `<path d="M${frame.left} ${line}H${frame.right}" stroke="#222222" stroke-dasharray="4 3"/>`,
    `<text x="${frame.right - 4}" y="${Number(line) - 4}" text-anchor="end">target</text>`,
    `<text x="${(frame.left + frame.right) / 2}" y="${height - 22}" text-anchor="middle">cost, of what the exhaustive method decodes</text>`,
    `<text x="16" y="${(frame.top + frame.bottom) / 2}" text-anchor="middle" transform="rotate(-90 16 ${(frame.top + frame.bottom) / 2})">sharpness lost</text>`,
    ...tried.map((each) => dot(each, 2.5, colours.tried)),
    `<polyline points="${front.map((each) => `${at(each).x},${at(each).y}`).join(' ')}" fill="none" stroke="${colours.front}" stroke-width="1.5"/>`,
    ...front.map((each) => dot(each, 3, colours.front)),
    dot(usual.tuning, 5, colours.usual),
    dot(chosen.tuning, chosen === usual ? 3 : 5, colours.chosen),
    '</svg>\n',
  ].join('\n');
}

/** A logarithmic axis over values above 0, with ticks at 1, 2 and 5 times powers of ten, or at the powers where it is long. */
function axis(values: readonly number[], start: number, end: number) {
  const [low, high] = [0.8 * Math.min(...values), 1.25 * Math.max(...values)];
  const span = Math.log(high / low);
  const factors = span > Math.log(300) ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const factor of factors) {
      const tick = factor * 10 ** power;
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return { at: (value: number) => start + ((end - start) * Math.log(value / low)) / span, ticks };
}
