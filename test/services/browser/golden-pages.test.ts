// How pages look, in light, in dark and on paper, held against pictures that somebody looked at: test/golden/page-*.png, renewed by
// `npm run golden`. Fonts differ from machine to machine, so letters are not compared: every word is a bar as long as its letters are
// many, and the page is seen through a grid of 12 pixels. What is left is what a style sheet can break: boxes, columns, colours,
// pictures, plots. What pages say is tested in to-html.test.ts.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { depthByTile, writeStack } from '../../../experiments/harness/fixtures/ome-stack.js';
import { type CompareResult, compareMethods } from '../../../src/api/compare/compare-methods.js';
import { drawComparison } from '../../../src/cli/draw-comparison.js';
import { compareBatchToHtml, renderSlideSections } from '../../../src/report/compare-batch-to-html.js';
import { compareToHtml } from '../../../src/report/compare-to-html.js';
import type { CompareReport } from '../../../src/report/run-report.js';
import { reportToHtml } from '../../../src/report/to-html.js';
import { launchChromium } from '../../fixtures/chromium.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { describeWith } from '../../fixtures/with-programs.js';
import { decodePicture, expectGoldenPicture } from '../../golden-picture.js';
import { flattenReport, origin } from '../../report/sample-reports.js';

const { at, folder } = temporaryFolder();
const names = ['compare', 'batch', 'run'];
const block = 12;
/** Other versions of Chromium round and smooth otherwise. */
const allowed = { difference: 12, share: 0.002 };

/** Bars hang from the top of their lines, where no font reaches. Run in the page, as text: the types of this project know no browser. */
const wordsAsBars = `
document.querySelector('details pre').textContent = '';
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const nodes = [];
while (texts.nextNode()) if (!texts.currentNode.parentElement.closest('svg, script')) nodes.push(texts.currentNode);
for (const node of nodes) {
  const words = node.data.split(/\\s+/).filter((word) => word !== '');
  node.replaceWith(...words.map((word) => {
    const bar = document.createElement('span');
    bar.style = 'display:inline-block;vertical-align:top;height:.6em;margin:.45em .3em 0 0;background:currentColor;opacity:.5;width:' + .5 * word.length + 'em';
    return bar;
  }));
}
const style = document.createElement('style');
style.textContent = 'svg text{visibility:hidden} th button::after{content:none !important} li::marker{color:transparent} button,input{vertical-align:top}';
document.head.append(style);
`;

const looks: Readonly<Record<string, BrowserContextOptions & { readonly media?: 'print' }>> = {
  light: { colorScheme: 'light', viewport: { width: 1200, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1200, height: 900 } },
  narrow: { colorScheme: 'light', viewport: { width: 396, height: 800 } },
  // A4 without its margins.
  print: { colorScheme: 'dark', viewport: { width: 720, height: 1020 }, media: 'print' },
};

describeWith(['chromium'], 'how pages look', () => {
  let browser: Browser;

  beforeAll(async () => {
    const specs = [
      { name: 'smear', width: 640, height: 400, planes: 4, seed: 1 },
      { name: 'biopsy', width: 200, planes: 3, seed: 2, tile: undefined },
      { name: 'needle', width: 128, height: 128, planes: 5, seed: 3 },
      { name: 'sheet', planes: 4, seed: 5 },
    ];
    const results: CompareResult[] = [];
    for (const spec of specs) {
      const { path } = await writeStack(folder(spec.name), { ...spec, depth: depthByTile(64, spec.planes) });
      results.push(withoutClocks(await compareMethods(path, { method: 'quadtree', preset: 'smears.json' })));
    }
    const [first] = results;
    const sections = await Promise.all(
      results.map(async (each, i) => renderSlideSections(each.report, await drawComparison(each), i)),
    );
    const failed = [{ files: ['cut.svs'], code: 'damaged', error: 'cut.svs: the file ends after 8117 bytes' }];
    const slides = results.map(({ report }) => report);
    const batch = { schema: 'zflat.compare-batch/1', slides, failed, software: 'zflat' } as const;
    const [heatmap] = Object.values((await drawComparison(first)).heatmaps);
    await writeFile(at('compare.html'), compareToHtml(first.report, await drawComparison(first)));
    await writeFile(at('batch.html'), compareBatchToHtml(batch, sections));
    await writeFile(at('run.html'), reportToHtml(flattenReport, { heatmap }));
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  /** The page through the grid: a pixel is the mean of a block. */
  async function picture(name: string, look: string, style = '*{}'): Promise<Uint8Array> {
    const { media, ...options } = looks[look];
    const page = await browser.newPage({ ...options, bypassCSP: true });
    await page.goto(pathToFileURL(at(`${name}.html`)).href);
    if (media) await page.emulateMedia({ media });
    await page.addStyleTag({ content: style });
    await page.evaluate(wordsAsBars);
    // Of a batch its summary: what is told of each slide is the page of a comparison.
    const top = name === 'batch' ? (await page.locator('.slide').first().boundingBox())?.y : undefined;
    const png = await page.screenshot({ fullPage: true });
    await page.close();
    return throughGrid(png, top === undefined ? undefined : Math.floor(top / block));
  }

  it.each(names.flatMap((name) => Object.keys(looks).map((look) => [name, look])))(
    'should be as it was: %s, %s',
    async (name, look) => {
      await expectGoldenPicture(`page-${name}-${look}`, await picture(name, look), undefined, allowed);
    },
  );

  it.skipIf(process.env.GOLDEN === 'renew').each(names)('should always be the same in any font: %s', async (name) => {
    for (const font of ['serif', 'monospace']) {
      const png = await picture(name, 'light', `body,body *{font-family:${font} !important}`);
      await expectGoldenPicture(`page-${name}-light`, png, undefined, allowed);
    }
  });

  it.skipIf(process.env.GOLDEN === 'renew')('should never be the same in another style', async () => {
    const own = folder('run');
    await writeFile(join(own, 'page.png'), await picture('run', 'light'));
    for (const style of ['.bar{display:none}', 'td.number{text-align:left}', '.figures{grid-template-columns:1fr}']) {
      const check = expectGoldenPicture('page', await picture('run', 'light', style), own, allowed);
      await expect(check.then(() => style)).rejects.toThrow(/differ|expected/);
    }
  });
});

/** Times that are the same on every machine. */
function withoutClocks(result: CompareResult): CompareResult {
  const { methods, ...report } = result.report;
  const fixed: CompareReport = {
    ...report,
    methods: methods.map((method, i) => ({ ...method, elapsedMs: 120 * (i + 1) ** 3 })),
    elapsedMs: { open: 80, pictures: 210, total: 1370 },
    origin,
    software: 'zflat',
  };
  return { ...result, report: fixed };
}

async function throughGrid(png: Uint8Array, rows = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const { width, height, data } = await decodePicture(png);
  const size = { width: Math.floor(width / block), height: Math.min(rows, Math.floor(height / block)) };
  const means = new Uint8Array(size.width * size.height * 3);
  for (let i = 0; i < means.length; i++) {
    const [channel, column, row] = [i % 3, Math.floor(i / 3) % size.width, Math.floor(i / 3 / size.width)];
    let sum = 0;
    for (let y = row * block; y < (row + 1) * block; y++) {
      for (let x = column * block; x < (column + 1) * block; x++) sum += data[(y * width + x) * 3 + channel];
    }
    means[i] = Math.round(sum / block ** 2);
  }
  return sharp(means, { raw: { ...size, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
