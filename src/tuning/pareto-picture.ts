// What was tried, as a picture: cost against lost sharpness, both on logarithmic axes.
import { svgFile } from '../drawing/plot/drawing.js';
import { lineChart } from '../drawing/plot/line-chart.js';
import { formatPercent } from '../system/format-figures.js';
import { paretoFront, type SettingsSearch, type TriedSettings } from './search-settings.js';
import { describeSettings } from './tuned-settings.js';

/** What loses less than this is drawn as if it lost this. */
const leastLoss = 1e-5;
const leastCost = 1e-3;

/** An SVG file, for light and dark paper. Forms tell settings apart as well as colours. */
export function drawPareto({ tried, chosen, usual }: SettingsSearch, target: number): string {
  const place = ({ summary: { cost, retained } }: TriedSettings) =>
    [Math.max(leastCost, cost), Math.max(leastLoss, 1 - retained)] as const;
  const tell = ({ settings, summary: { cost, retained } }: TriedSettings) =>
    `${describeSettings(settings)}: ${formatPercent(cost)} of the cost, ${formatPercent(retained)} kept`;
  const series = (name: string, settings: readonly TriedSettings[]) => ({
    name,
    points: settings.map(place),
    titles: settings.map(tell),
  });
  const allowed = Math.max(leastLoss, 1 - target);
  const costs = tried.map((each) => place(each)[0]);
  const losses = [...tried.map((each) => place(each)[1]), allowed];
  const format = (tick: number) => `${Number((100 * tick).toPrecision(3))} %`;
  const room = (values: readonly number[]) => [0.8 * Math.min(...values), 1.25 * Math.max(...values)] as const;
  const title = `Cost against lost sharpness: ${tried.length} settings on the tuning half`;
  const drawing = lineChart({
    title,
    x: { label: 'cost, of what the exhaustive method decodes', log: true, range: room([...costs, 1]), format },
    y: { label: 'sharpness lost', log: true, range: room(losses), format },
    series: [
      { ...series('tried', tried), colour: '#8a8a8a', joined: false },
      { ...series('none better', paretoFront(tried)), colour: '#0072b2' },
      { ...series('default', [usual.tuning]), colour: '#d55e00', form: 'diamond', size: 110 },
      { ...series('chosen', [chosen.tuning]), colour: '#009e73', form: 'star', size: 90 },
    ],
    marks: [{ y: allowed, name: 'target' }],
    plot: { width: 520, height: 320 },
  });
  const described = `${title}. Default: ${tell(usual.tuning)}. Chosen: ${tell(chosen.tuning)}.`;
  return svgFile(drawing, title, described);
}
