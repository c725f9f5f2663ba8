// Methods held against the exhaustive one on the same slide, as a page for people.

import { html, type Markup } from '../drawing/markup.js';
import { formatCount, formatDuration, formatPercent, formatTimes } from '../system/format-figures.js';
import { intervalText, retainedText } from './accuracy-section.js';
import type { ComparePictures } from './compare-pictures.js';
import { type ComparedMethod, figuresTable, referenceOf, timesFaster } from './figures-table.js';
import { curvesSection } from './focus-curves.js';
import { looksTable } from './looks-table.js';
import { optionsSection } from './options-section.js';
import { originSection } from './origin-section.js';
import { pageScript } from './page-script.js';
import { planeColours } from './plane-colours.js';
import { regionSection } from './region-section.js';
import { barOf, notesBox, pictureOf, renderPage } from './render-page.js';
import type { AccuracySummary, CompareReport, ReferenceSummary } from './run-report.js';
import { slideSection } from './slide-section.js';
import { worstSection } from './worst-section.js';

/** The comparison as the text of one HTML file that needs nothing else. */
export function compareToHtml(report: CompareReport, pictures: ComparePictures): string {
  const { slide, software } = report;
  const body = html`<p class="kind">zflat comparison</p>
<h1>${slide.name}</h1>
${compareSections(report, pictures, '')}`;
  const title = `${slide.name} – zflat comparison`;
  return renderPage({ title, wide: true, body, script: pageScript, data: report, software });
}

/** All that is told of one slide; `prefix` keeps its anchors apart from those of others on the page. */
export function compareSections(report: CompareReport, pictures: ComparePictures, prefix: string): Markup {
  const { slide, methods, middlePlane, worstTiles, curves, options } = report;
  const reference = referenceOf(report);
  const notes = [
    ...slide.notes,
    ...methods.flatMap(({ method, plan }) => plan.notes.map((note) => `${method}: ${note}`)),
  ];
  const [first] = methods;
  return html`${methods.filter((method) => method !== reference).map((method) => html`<p class="verdict">${verdict(method, reference)}</p>\n`)}
${middlePlane.accuracy.tiles > 0 && html`<p class="verdict">Plane ${middlePlane.plane} alone, in the middle of the stack, keeps ${retainedText(middlePlane.accuracy)}.</p>`}
${report.reference !== null && html`<p class="verdict">${referenceText(report.reference, first)}</p>`}
<p>${judgeText(report)}</p>
${notesBox(notes)}
${pictures.region && regionSection(slide.name, pictures.region, middlePlane.plane, report.reference?.name)}
${figuresTable(report, reference, `${prefix}figures`)}
${auditTable(report)}
${pictureSection(report, pictures, prefix)}
${first !== reference && worstSection(first.method, worstTiles, pictures.worstTiles, middlePlane.plane)}
${curvesSection(curves)}
${methods.filter((method) => method !== reference).map(({ method, plan }) => html`<h2>What the ${method} method looked at</h2>\n${looksTable(plan)}\n`)}
<div class="columns">
<section>${timeSection(report)}${slideSection(slide)}</section>
<section>${optionsSection(options)}${originSection(report.origin)}</section>
</div>`;
}

/** A method in one sentence. */
function verdict({ method, plan, accuracy, elapsedMs }: ComparedMethod, reference: ComparedMethod | undefined): string {
  const kept =
    accuracy.tiles === 0
      ? 'could not be judged, as no tile has content; it'
      : `kept ${retainedText(accuracy)} of the sharpness,`;
  const looked = `looked at ${formatPercent(plan.cost)} of the pixels`;
  const speed = reference ? `, ${speedText(timesFaster(elapsedMs, reference))} exhaustive` : '';
  return `The ${method} method ${kept} ${looked}${speed}.`;
}

/** The reference beside the first method, in one sentence. */
function referenceText({ name, tiles, sharpness, sharper }: ReferenceSummary, { method }: ComparedMethod): string {
  if (tiles === 0) return `The reference ${name} could not be judged, as no tile has content.`;
  const share = `it is sharper than the ${method} method's plane on ${formatPercent(sharper)} of the tiles`;
  return `The reference ${name} has ${formatPercent(sharpness)} of the sharpness of the sharpest planes; ${share}.`;
}

function speedText(ratio: number): string {
  if (ratio >= 1.05) return `${formatTimes(ratio)} faster than`;
  return ratio > 0.95 ? 'as fast as' : `${formatTimes(1 / ratio)} slower than`;
}

/** By what all of this is judged, and which settings there were. */
function judgeText({ judge, methods: [{ measure }], options: { preset } }: CompareReport): string {
  const settings = typeof preset === 'string' ? ` The settings are those of the preset ${preset}.` : '';
  const own =
    measure === judge
      ? ', which planes were chosen by too'
      : `; planes were chosen by ${measure}, which is another measure: what it finds sharpest need not be so here`;
  return `Sharpness is judged by ${judge} on every tile of every plane${own}.${settings}`;
}

function timeSection({ methods, elapsedMs: { open, pictures, total } }: CompareReport): Markup {
  const phases: (readonly [string, number])[] = [
    ['opening the slide', open],
    ...methods.map(({ method, elapsedMs }) => [`deciding, ${method}`, elapsedMs] as const),
    ['pictures of this page', pictures],
    ['altogether', total],
  ];
  return html`<h2>Time</h2>
<table><tbody>
${phases.map(
  ([phase, ms]) => html`<tr><th scope="row">${phase}</th><td class="number">${formatDuration(ms)}</td>
<td class="bars">${ms !== total && barOf(ms / Math.max(1, total))}</td></tr>\n`,
)}</tbody></table>`;
}

/** What methods said of themselves, beside what is true of the whole slide. */
function auditTable({ methods, judge }: CompareReport): Markup {
  const audited = methods.flatMap(({ method, measure, audit, auditTruth }) =>
    audit && auditTruth ? [{ method, measure, audit, accuracy: auditTruth }] : [],
  );
  if (audited.length === 0) return html``;
  const share = ({ tiles }: AccuracySummary, figure: number) => (tiles === 0 ? 'unknown' : formatPercent(figure));
  return html`<h2>What they said of themselves</h2>
<p>A method that does not look at everything audits itself on a few tiles drawn at random. Here is what it said, and what is true.${audited.map(({ method, measure }) => measure !== judge && ` The ${method} method speaks of its own measure, ${measure}: so does this table.`)}</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Method</th><th scope="col">Figure</th><th scope="col" class="number">Audit</th><th scope="col" class="number">Truth</th><th scope="col" class="why"></th></tr></thead>
<tbody>
${audited.map(
  ({ method, audit, accuracy }) => html`<tr><th scope="rowgroup" rowspan="5">${method}</th><td>Sharpness kept</td>
<td class="number">${retainedText(audit)}</td><td class="number">${retainedText(accuracy)}</td><td class="why">${rangeText(audit, accuracy)}</td></tr>
<tr><td>Same plane</td><td class="number">${share(audit, audit.agreement)}</td><td class="number">${share(accuracy, accuracy.agreement)}</td><td class="why"></td></tr>
<tr><td>Within one plane</td><td class="number">${share(audit, audit.withinOne)}</td><td class="number">${share(accuracy, accuracy.withinOne)}</td><td class="why"></td></tr>
<tr><td>Worst tile</td><td class="number">${share(audit, audit.worst)}</td><td class="number">${share(accuracy, accuracy.worst)}</td><td class="why">a sample seldom holds the worst tile of all</td></tr>
<tr><td>Tiles with content</td><td class="number">${formatCount(audit.tiles)}</td><td class="number">${formatCount(accuracy.tiles)}</td><td class="why"></td></tr>
`,
)}</tbody></table></div>`;
}

function rangeText(audit: AccuracySummary, { tiles, retained }: AccuracySummary): string {
  const range = intervalText(audit);
  if (range === undefined || tiles === 0) return '';
  const [low, high] = audit.retainedInterval;
  return `95 % range ${range}: the truth is ${retained >= low && retained <= high ? 'inside' : 'outside'}`;
}

function pictureSection(
  { slide, methods }: CompareReport,
  { heatmaps, differences }: ComparePictures,
  prefix: string,
): Markup {
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
  return html`<h2 id="${prefix}pictures">Maps</h2>
<p class="muted screen">Click a map to see it large.</p>
${planeColours(slide)}
<div class="pictures">
${figures.map(
  (
    { png, caption, description },
    i,
  ) => html`<figure id="${prefix}map-${i}"><a class="close" href="#${prefix}pictures">Back to the page</a>
<a href="#${prefix}map-${i}">${pictureOf(png, description)}</a><figcaption>${caption}</figcaption></figure>\n`,
)}</div>`;
}

function pick(methods: CompareReport['methods'], pictures: Readonly<Record<string, Uint8Array>>) {
  return methods.flatMap(({ method }) => (Object.hasOwn(pictures, method) ? [{ method, png: pictures[method] }] : []));
}
