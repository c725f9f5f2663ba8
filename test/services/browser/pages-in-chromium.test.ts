// The pages in a browser: that they work, with nothing but their own file.
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { depthByTile, writeStack } from '../../../experiments/harness/fixtures/ome-stack.js';
import { compareMethods } from '../../../src/api/compare/compare-methods.js';
import { drawComparison } from '../../../src/cli/draw-comparison.js';
import { compareBatchToHtml, renderSlideSections } from '../../../src/report/compare-batch-to-html.js';
import { compareToHtml } from '../../../src/report/compare-to-html.js';
import { reportToHtml } from '../../../src/report/to-html.js';
import { launchChromium } from '../../fixtures/chromium.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { describeWith } from '../../fixtures/with-programs.js';
import { flattenReport } from '../../report/sample-reports.js';

const { at, folder } = temporaryFolder();

/** Run in the page, as text: the types of this project know no browser. */
const look = `({
  paper: getComputedStyle(document.body).backgroundColor,
  tooWide: document.documentElement.scrollWidth - innerWidth,
  undrawn: [...document.images].filter(({ naturalWidth }) => naturalWidth === 0).length,
})`;
const clipOfStack = "getComputedStyle(document.querySelector('.stack .before')).clipPath";

/** An open page, and what it did that it should not: messages on the console, errors, requests for anything but its own file. */
type Opened = { readonly page: Page; readonly problems: string[] };

describeWith(['chromium'], 'pages in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    const specs = [
      { name: 'smear', planes: 4, seed: 1 },
      { name: 'biopsy', width: 200, planes: 3, seed: 2, tile: undefined },
      { name: 'needle', width: 128, height: 128, planes: 5, seed: 3 },
    ];
    const results = [];
    for (const spec of specs) {
      const { path } = await writeStack(folder(spec.name), { ...spec, depth: depthByTile(64, spec.planes) });
      results.push(await compareMethods(path, { method: 'quadtree' }));
    }
    const [first] = results;
    const sections = await Promise.all(
      results.map(async (each, i) => renderSlideSections(each.report, await drawComparison(each), i)),
    );
    const slides = results.map(({ report }) => report);
    await writeFile(at('one.html'), compareToHtml(first.report, await drawComparison(first)));
    const batch = { schema: 'zflat.compare-batch/1', slides, failed: [], software: 'zflat' } as const;
    await writeFile(at('batch.html'), compareBatchToHtml(batch, sections));
    await writeFile(at('run.html'), reportToHtml(flattenReport, {}));
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(name: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
    const problems: string[] = [];
    page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => problems.push(error.message));
    const url = pathToFileURL(at(name)).href;
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) problems.push(request.url());
    });
    await page.goto(url);
    return { page, problems };
  }

  it.each(['one.html', 'batch.html', 'run.html'])(
    'should always open without a word or a request: %s',
    async (name) => {
      for (const options of [
        { colorScheme: 'light' },
        { colorScheme: 'dark', viewport: { width: 390, height: 800 } },
      ]) {
        const { page, problems } = await open(name, options as BrowserContextOptions);
        const seen = await page.evaluate(look);
        const paper = options.colorScheme === 'dark' ? 'rgb(20, 24, 30)' : 'rgb(255, 255, 255)';
        expect({ seen, problems }).toEqual({ seen: { paper, tooWide: 0, undrawn: 0 }, problems: [] });
        await page.close();
      }
    },
  );

  it('should always move the slider, by keys and by dragging over the picture', async () => {
    const { page, problems } = await open('one.html');
    const slider = page.locator('.slider input');
    const shown = () => page.evaluate(clipOfStack);
    const middle = await shown();
    await slider.focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight');
    expect(await slider.inputValue()).toBe('60');
    expect(await slider.getAttribute('aria-valuetext')).toBe('60 % middle plane, 40 % flattened');
    const right = await shown();
    expect(right).not.toBe(middle);
    const box = await page.locator('.stack').boundingBox();
    if (!box) throw new Error('the picture is not shown');
    const y = box.y + box.height - 20;
    await page.mouse.move(box.x + 0.9 * box.width, y);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.25 * box.width, y);
    await page.mouse.up();
    await page.mouse.move(box.x + 0.7 * box.width, y);
    expect(await slider.inputValue()).toBe('25');
    expect(await shown()).not.toBe(right);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('should always sort the table, by click and by key, up and down', async () => {
    const { page, problems } = await open('batch.html');
    const cells = (column: number) =>
      page
        .locator(`#summary tbody tr > :nth-child(${column})`)
        .evaluateAll((all) => all.map((cell) => cell.getAttribute('data-value') ?? ''));
    const heading = (name: string) => page.locator('#summary thead th').filter({ hasText: name });
    const planes = 10;
    expect(await page.locator(`#summary thead th:nth-child(${planes})`).textContent()).toBe('Planes');
    await heading('Planes').locator('button').click();
    expect(await cells(planes)).toEqual(['3', '4', '5']);
    expect(await heading('Planes').getAttribute('aria-sort')).toBe('ascending');
    await page.keyboard.press('Enter');
    expect(await cells(planes)).toEqual(['5', '4', '3']);
    expect(await heading('Planes').getAttribute('aria-sort')).toBe('descending');
    await heading('Slide').locator('button').focus();
    await page.keyboard.press('Space');
    expect((await cells(1)).map((name) => name.slice(0, 3))).toEqual(['bio', 'nee', 'sme']);
    expect(await heading('Planes').getAttribute('aria-sort')).toBe(null);
    await page.locator('#summary a').nth(1).click();
    expect(new URL(page.url()).hash).toBe('#slide-2');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('should always copy a table', async () => {
    const { page, problems } = await open('batch.html');
    const button = page.locator('button.copy[data-table="summary"]');
    await button.click();
    expect(await button.textContent()).toBe('Copied');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('should always print: both sides of the slider, nothing that only works on a screen', async () => {
    const { page, problems } = await open('one.html');
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'print' });
    const boxes = await Promise.all(['.before', '.after'].map((side) => page.locator(`.stack ${side}`).boundingBox()));
    const [before, after] = boxes.map((box) => box ?? { x: 0, width: 0 });
    expect(before.width).toBeGreaterThan(50);
    expect(after.x).toBeGreaterThanOrEqual(before.x + before.width);
    for (const hidden of ['.slider input', 'button.copy', 'details', '.close']) {
      expect(await page.locator(hidden).first().isVisible()).toBe(false);
    }
    expect(problems).toEqual([]);
    await page.close();
  });
});
