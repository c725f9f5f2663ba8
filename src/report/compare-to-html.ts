// Methods held against the exhaustive one on the same slide, as a page for people.

import { formatCount } from '../heatmap/format-count.js';
import { intervalText, retainedText } from './accuracy-section.js';
import { formatDuration, formatPercent, formatTimes } from './format-figures.js';
import { html, type Markup } from './html.js';
import { notesBox, pictureOf, renderPage } from './render-page.js';
import type { AccuracySummary, CompareReport } from './run-report.js';
import { slideSection } from './slide-section.js';

export type ComparePictures = {
  /** PNGs by the name of the method whose map they show. */
  readonly heatmaps: Readonly<Record<string, Uint8Array>>;
  /** PNGs by the name of the method that is held against the exhaustive one. */
  readonly differences: Readonly<Record<string, Uint8Array>>;
};

type ComparedMethod = CompareReport['methods'][number];

const exhaustive = 'exhaustive';

/** The comparison as the text of one HTML file that needs nothing else. */
export function compareToHtml(report: CompareReport, pictures: ComparePictures): string {
  const { slide, methods, software } = report;
  const reference = methods.find(({ method }) => method === exhaustive);
  const notes = [
    ...slide.notes,
    ...methods.flatMap(({ method, plan }) => plan.notes.map((note) => `${method}: ${note}`)),
  ];
  const body = html`<p class="kind">zflat comparison</p>
<h1>${slide.name}</h1>
${methods.filter((method) => method !== reference).map((method) => html`<p class="verdict">${verdict(method, reference)}</p>\n`)}
${notesBox(notes)}
${methodsTable(methods, reference)}
${auditTable(methods)}
${pictureSection(report, pictures)}
${slideSection(slide)}`;
  return renderPage({ title: `${slide.name} – zflat comparison`, wide: true, body, data: report, software });
}

/** A method in one sentence. */
function verdict({ method, plan, accuracy, elapsedMs }: ComparedMethod, reference: ComparedMethod | undefined): string {
  const kept =
    accuracy.tiles === 0
      ? 'could not be judged, as no tile has content. It'
      : `keeps ${retainedText(accuracy)} of the sharpness,`;
  return `The ${method} method ${kept} looks at ${formatPercent(plan.cost)} of the pixels${
    reference ? ` and is ${speedText(timesFaster(elapsedMs, reference))} the exhaustive one` : ''
  }.`;
}

/** Time of the reference over the given time; what takes no measurable time counts as a millisecond. */
function timesFaster(elapsedMs: number, reference: ComparedMethod): number {
  return Math.max(1, reference.elapsedMs) / Math.max(1, elapsedMs);
}

function speedText(ratio: number): string {
  if (ratio >= 1.05) return `${formatTimes(ratio)} faster than`;
  return ratio > 0.95 ? 'as fast as' : `${formatTimes(1 / ratio)} slower than`;
}

type Row = {
  readonly name: string;
  readonly why: string;
  readonly value: (method: ComparedMethod) => string;
};

function methodsTable(methods: CompareReport['methods'], reference: ComparedMethod | undefined): Markup {
  const share = (figure: 'agreement' | 'withinOne' | 'worst') => {
    return ({ accuracy }: ComparedMethod) => (accuracy.tiles === 0 ? 'unknown' : formatPercent(accuracy[figure]));
  };
  const rows: Row[] = [
    {
      name: 'Sharpness kept',
      why: 'of what scoring everything finds, over tiles with content',
      value: ({ accuracy }) => retainedText(accuracy),
    },
    { name: 'Same plane', why: 'tiles with content whose plane is the exhaustive one', value: share('agreement') },
    { name: 'Within one plane', why: 'the exhaustive plane or one next to it', value: share('withinOne') },
    { name: 'Worst tile', why: 'sharpness kept by the tile that lost most', value: share('worst') },
    {
      name: 'Tiles with content',
      why: 'the tiles that these figures are of',
      value: ({ accuracy }) => formatCount(accuracy.tiles),
    },
    {
      name: 'Cost',
      why: 'pixels decoded to decide, in parts of what the exhaustive method decodes',
      value: ({ plan }) => formatPercent(plan.cost),
    },
    { name: 'Pixels decoded', why: '', value: ({ plan }) => formatCount(plan.pixelsDecoded) },
    { name: 'Bytes read', why: '', value: ({ plan }) => formatCount(plan.bytesRead) },
    { name: 'Rounds of questions', why: '', value: ({ plan }) => formatCount(plan.rounds) },
    { name: 'Time to decide', why: '', value: ({ elapsedMs }) => formatDuration(elapsedMs) },
  ];
  if (reference) {
    const ratio = ({ elapsedMs }: ComparedMethod) => formatTimes(timesFaster(elapsedMs, reference));
    rows.push({ name: 'Speed', why: 'the time of the exhaustive method over its own', value: ratio });
  }
  return html`<h2>Side by side</h2>
<div class="scroll"><table>
<thead><tr><th scope="col"></th>${methods.map(({ method }) => html`<th scope="col" class="number">${method}</th>`)}<th scope="col"></th></tr></thead>
<tbody>
${rows.map(
  ({ name, why, value }) =>
    html`<tr><th scope="row">${name}</th>${methods.map(
      (method) => html`<td class="number">${value(method)}</td>`,
    )}<td class="why">${why}</td></tr>\n`,
)}</tbody></table></div>`;
}

/** What methods said of themselves, beside what is true of the whole slide. */
function auditTable(methods: CompareReport['methods']): Markup {
  const audited = methods.flatMap(({ method, audit, accuracy }) => (audit ? [{ method, audit, accuracy }] : []));
  if (audited.length === 0) return html``;
  const share = ({ tiles }: AccuracySummary, figure: number) => (tiles === 0 ? 'unknown' : formatPercent(figure));
  return html`<h2>What they said of themselves</h2>
<p>A method that does not look at everything audits itself on a few tiles drawn at random. Here is what it said, and what is true.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Method</th><th scope="col">Figure</th><th scope="col" class="number">Audit</th><th scope="col" class="number">Truth</th><th scope="col"></th></tr></thead>
<tbody>
${audited.map(
  ({ method, audit, accuracy }) => html`<tr><th scope="rowgroup" rowspan="5">${method}</th><td>Sharpness kept</td>
<td class="number">${retainedText(audit)}</td><td class="number">${retainedText(accuracy)}</td><td class="why">${rangeText(audit, accuracy)}</td></tr>
<tr><td>Same plane</td><td class="number">${share(audit, audit.agreement)}</td><td class="number">${share(accuracy, accuracy.agreement)}</td><td></td></tr>
<tr><td>Within one plane</td><td class="number">${share(audit, audit.withinOne)}</td><td class="number">${share(accuracy, accuracy.withinOne)}</td><td></td></tr>
<tr><td>Worst tile</td><td class="number">${share(audit, audit.worst)}</td><td class="number">${share(accuracy, accuracy.worst)}</td><td class="why">a sample seldom holds the worst tile of all</td></tr>
<tr><td>Tiles with content</td><td class="number">${formatCount(audit.tiles)}</td><td class="number">${formatCount(accuracy.tiles)}</td><td></td></tr>
`,
)}</tbody></table></div>`;
}

function rangeText(audit: AccuracySummary, { tiles, retained }: AccuracySummary): string {
  const range = intervalText(audit);
  if (range === undefined || tiles === 0) return '';
  const [low, high] = audit.retainedInterval;
  return `95 % range ${range}: the truth is ${retained >= low && retained <= high ? 'inside' : 'outside'}`;
}

function pictureSection({ slide, methods }: CompareReport, { heatmaps, differences }: ComparePictures): Markup {
  const figures = [
    ...pick(methods, heatmaps).map(({ method, png }) => ({
      png,
      caption: `${method}: the plane each tile is taken from`,
      description: `Heatmap of ${slide.name} by the ${method} method`,
    })),
    ...pick(methods, differences).map(({ method, png }) => ({
      png,
      caption: `${method} against exhaustive: where the planes differ`,
      description: `Where the maps of ${slide.name} by the ${method} and the exhaustive method differ`,
    })),
  ];
  if (figures.length === 0) return html``;
  return html`<h2 id="pictures">Maps</h2>
<p class="muted screen">Click a map to see it large.</p>
<div class="pictures">
${figures.map(
  (
    { png, caption, description },
    i,
  ) => html`<figure id="map-${i}"><a class="close" href="#pictures">Back to the page</a>
<a href="#map-${i}">${pictureOf(png, description)}</a><figcaption>${caption}</figcaption></figure>\n`,
)}</div>`;
}

function pick(methods: CompareReport['methods'], pictures: Readonly<Record<string, Uint8Array>>) {
  return methods.flatMap(({ method }) => (Object.hasOwn(pictures, method) ? [{ method, png: pictures[method] }] : []));
}
