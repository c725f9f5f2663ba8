import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { compareToHtml } from '../../src/report/compare-to-html.js';
import type { AccuracySummary, RunReport } from '../../src/report/run-report.js';
import { heightsText } from '../../src/report/slide-section.js';
import { reportToHtml } from '../../src/report/to-html.js';
import { formatBytes, formatCount, formatDuration, formatPercent } from '../../src/system/format-figures.js';
import { changeTexts, numbersIn, tagsOf, visibleText } from './page-text.js';
import { batchPage, pages } from './sample-pages.js';

import { batchReport, compareReport, flattenReport, samplePictures } from './sample-reports.js';

describe.each(Object.keys(pages))('the page of %s', (name) => {
  const { report, page } = pages[name];

  it('should be well-formed', () => {
    expect(XMLValidator.validate(page)).toBe(true);
    expect(page.startsWith('<!DOCTYPE html>')).toBe(true);
  });

  it('should need nothing from outside, and run nothing but the script whose hash its policy names', () => {
    expect(page).not.toMatch(/<link|<iframe|@import|url\(|https?:| on[a-z]+=/i);
    for (const [, source] of page.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(source).toMatch(/^(data:image\/(png|jpeg);base64,|#)/);
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script);
    expect(page.match(/<script/gi) ?? []).toHaveLength(scripts.length);
    const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const allowed = hashes.length === 0 ? '' : `; script-src ${hashes.join(' ')}`;
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; img-src data:; style-src 'unsafe-inline'${allowed}`,
    );
  });

  it('should describe every picture', () => {
    const images = tagsOf(page).filter((tag) => tag.startsWith('<img'));
    for (const image of images) expect(image).toMatch(/ alt="[^"]{20,}"/);
    const drawings = tagsOf(page).filter((tag) => tag.startsWith('<svg'));
    for (const drawing of drawings) expect(drawing).toMatch(/ role="img" aria-label="[^"]{20,}"/);
  });

  it('should never skip a level of headings', () => {
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    for (let i = 1; i < levels.length; i++) expect(levels[i]).toBeLessThanOrEqual(levels[i - 1] + 1);
  });

  it('should never have two elements of one name, nor a link that leads nowhere', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/ (?:href="#|data-table=")([^"]*)"/g)) expect(ids).toContain(target);
  });

  it('should hold the report as JSON', () => {
    const parser = new XMLParser({ htmlEntities: true, trimValues: false, stopNodes: [] });
    expect(JSON.parse(parser.parse(page).html.body.main.details.pre)).toEqual(report);
  });
});

describe('what a reader sees', () => {
  const forms = [String, formatCount, formatPercent, formatBytes, formatDuration];
  const missing = (text: string, report: unknown) =>
    numbersIn(report)
      .filter(({ number }) => !forms.some((form) => hasNumber(text, form(number))))
      .map(({ path }) => path);

  it('should be every number of a report', () => {
    expect(missing(visibleText(pages['a flattened slide'].page), flattenReport)).toEqual([]);
  });

  it('should be every number of a comparison, but for those that other figures of it give', () => {
    // Of the exhaustive method, what it looked at is all; curves are drawn.
    const implied =
      /\.plan\.(tiles|tilesWithContent|planes|probes\..*)$|\.accuracy\.retainedInterval|\.methods\.2\.plan\.looks|\.relative\./;
    const left = missing(visibleText(pages['a comparison'].page), compareReport).filter((path) => !implied.test(path));
    expect(left).toEqual([]);
  });

  it('should be the range of each figure of a batch, those aside that were not measured', () => {
    const text = visibleText(pages['a batch'].page).replace(/\s+/g, ' ');
    expect(text).toContain('On 3 slides, the adaptive method kept 98.9 % (median; 97.8 % to 99.94 %) of the sharpness');
    expect(text).toContain('looked at 2.7 % (median; 2.7 % to 12.5 %) of the pixels');
    expect(pages['a batch'].page).toMatch(/aria-label="Sharpness kept of 2 slides: from 97\.8 % to 99\.94 %, median/);
  });

  it('should be which slides failed and why, once each', () => {
    const text = visibleText(pages['a batch'].page).replace(/\s+/g, ' ');
    expect(text).toContain('One slide could not be compared cut.svs : ends after 8117 bytes');
  });

  it('should be what judged, what planes were chosen by, and the preset', () => {
    const text = visibleText(pages['a comparison'].page).replace(/\s+/g, ' ');
    expect(text).toContain('judged by box-difference on every tile of every plane; planes were chosen by dct-mid');
    expect(text).toContain('The settings are those of the preset smears.json.');
    expect(text).toContain('The adaptive method speaks of its own measure, dct-mid');
    expect(text).toMatch(/Options in force .* target 0\.997 .* maxCost not set/);
    const [method, ...others] = compareReport.methods;
    const alike = { ...compareReport, methods: [{ ...method, measure: 'box-difference' }, ...others], options: {} };
    const words = visibleText(compareToHtml(alike, samplePictures([]))).replace(/\s+/g, ' ');
    expect(words).toContain('of every plane, which planes were chosen by too.');
    expect(words).not.toContain('preset');
    expect(words).not.toContain('its own measure');
  });

  it('should never claim an accuracy that was not measured', () => {
    const accuracy: AccuracySummary = {
      ...{ kind: 'audit', tiles: 0, agreement: 1, withinOne: 1, retained: 1, retainedInterval: [1, 1], worst: 1 },
    };
    const text = visibleText(reportToHtml({ ...flattenReport, accuracy }, {}));
    expect(text).not.toContain('100 %');
    expect(text).toContain('could not be measured');
    const [method, ...others] = compareReport.methods;
    const compared = { ...compareReport, methods: [{ ...method, accuracy, audit: accuracy }, ...others] };
    expect(visibleText(compareToHtml(compared, samplePictures([])))).toContain('could not be judged');
  });

  it('should say whether the target was met', () => {
    const sentence = (retained: number, low: number, target: number | null) => {
      const accuracy = { ...flattenReport.accuracy, retained, retainedInterval: [low, 1] as const };
      const report = { ...flattenReport, accuracy, options: { target } };
      return /The target was[^.]*\.\d* %[^.]*\./.exec(visibleText(reportToHtml(report, {})))?.[0];
    };
    expect(sentence(0.9995, 0.9992, 0.999)).toBe('The target was to keep 99.9 %: it was met.');
    expect(sentence(0.9995, 0.9982, 0.999)).toBe(
      'The target was to keep 99.9 %: met by the estimate, though its range reaches lower.',
    );
    expect(sentence(0.9982, 0.9971, 0.999)).toBe('The target was to keep 99.9 %: it was missed.');
    expect(sentence(0.9982, 0.9971, null)).toBeUndefined();
  });

  it('should say whether an audit was right, and what was copied', () => {
    const text = visibleText(pages['a comparison'].page).replace(/\s+/g, ' ');
    expect(text).toContain('99.89 % to 99.992 %: the truth is inside');
    expect(text).toContain('99.17 % to 99.85 %: the truth is outside');
    expect(text).toContain(
      'The adaptive method kept 99.94 % of the sharpness, looked at 2.7 % of the pixels, 38 times faster than exhaustive.',
    );
    expect(visibleText(pages['a flattened slide'].page)).toContain('23,283 of 25,782');
    const copied = {
      ...flattenReport,
      output: { path: 'a', bytes: 1, tilesCopied: 3, tilesQuilted: 0, tilesUnmixed: {}, tilesEncoded: {} },
    };
    expect(visibleText(reportToHtml(copied, {}))).toContain('Every tile was copied byte for byte');
  });
});

describe('a page of any texts', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '</pre><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onload='x",
      '&lt;b&gt;',
      ']]>',
      '<!--',
    ),
  );
  const record = (path: string) => path === '.options' || path === '.output.tilesEncoded';
  // As many texts as there are places, each different from the others so that none takes another's place.
  const numbered = (text: string) => {
    let count = 0;
    return () => `${text}${count++}`;
  };

  it('should have the tags of a page of plain texts, attributes of pictures and files aside', () => {
    const tags = (report: RunReport) => tagsOf(reportToHtml(report, {}));
    const plain = tags(changeTexts(flattenReport, numbered('x'), record));
    fc.assert(
      fc.property(texts, (text) => {
        expect(tags(changeTexts(flattenReport, numbered(text), record))).toEqual(plain);
      }),
    );
  });

  it('should have them in comparisons too, where names are in attributes', () => {
    const tags = (text: string) => {
      const report = changeTexts(compareReport, numbered(text), () => false);
      const page = compareToHtml(report, samplePictures(report.methods.map(({ method }) => method)));
      expect(XMLValidator.validate(page)).toBe(true);
      return tagsOf(page).map((tag) => tag.replace(/alt="[^"]*"/, 'alt'));
    };
    const plain = tags('x');
    fc.assert(
      fc.property(texts, (text) => {
        expect(tags(text)).toEqual(plain);
      }),
    );
  });

  it('should have them in batches too', () => {
    const tags = (text: string) => {
      const page = batchPage(changeTexts(batchReport, numbered(text), () => false));
      expect(XMLValidator.validate(page)).toBe(true);
      return tagsOf(page).map((tag) => tag.replace(/ (alt|data-value|aria-label)="[^"]*"/, ' $1'));
    };
    const plain = tags('x');
    fc.assert(
      fc.property(texts, (text) => {
        expect(tags(text)).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });
});

describe('heightsText', () => {
  it('should tell even heights by their ends, others one by one', () => {
    expect(heightsText([null, null])).toBe('unknown');
    expect(heightsText([0, 0.25, 0.5, 0.75])).toBe('0 to 0.75 µm in steps of 0.25 µm');
    expect(heightsText([0, 0.25, 0.6])).toBe('0, 0.25, 0.6 µm');
    expect(heightsText([0, null, 1, 2])).toBe('0, ?, 1, 2 µm');
    expect(heightsText([1.5])).toBe('1.5 µm');
    expect(heightsText([])).toBe('unknown');
  });
});

/** Whether the text holds the figure, not as a part of a longer one. */
function hasNumber(text: string, figure: string): boolean {
  const pattern = figure.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\d.,])${pattern}(?![\\d]|[.,]\\d)`).test(text);
}

describe('where a page comes from', () => {
  it('should always say when it was made, by which command, of which input', () => {
    const text = visibleText(reportToHtml(flattenReport, {}));
    expect(text).toContain('2026-03-04 05:06:07 UTC');
    expect(text).toContain('zflat flatten cervix-0417.ome.tiff -o cervix-0417-flat.ome.tiff');
    expect(text).toContain('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08');
    const { origin: _, ...older } = flattenReport;
    expect(visibleText(reportToHtml(older, {}))).not.toContain('Where this comes from');
  });

  it('should always say of which tiles the worst is the worst', () => {
    const { accuracy } = flattenReport;
    const audited = `The worst of the ${formatCount(accuracy.tiles)} audited tiles keeps`;
    expect(visibleText(reportToHtml(flattenReport, {}))).toContain(audited);
    const exact: RunReport = { ...flattenReport, accuracy: { ...accuracy, kind: 'exhaustive' } };
    expect(visibleText(reportToHtml(exact, {}))).toContain('The worst of them keeps');
  });
});

describe('a column of a table that narrow pages leave out', () => {
  it.each(Object.keys(pages))('should always have its head left out too: %s', (name) => {
    const tables = [...pages[name].page.matchAll(/<table(?! class="facts")[^>]*>([\s\S]*?)<\/table>/g)];
    const rowsOf = (table: string) =>
      [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
        [...row.matchAll(/<t[hd]([^>]*)>/g)].map(([, at]) => at),
      );
    let hidden = 0;
    for (const [, table] of tables) {
      const [head, ...rows] = rowsOf(table);
      if (!table.includes('<thead>')) continue;
      for (const row of rows) {
        // Counted from the right: cells that span rows are at the left.
        for (let i = 1; i <= row.length; i++) {
          const isHidden = /class="why"/.test(row[row.length - i]);
          expect([name, i, /class="why"/.test(head[head.length - i])]).toEqual([name, i, isHidden]);
          if (isHidden) hidden++;
        }
      }
    }
    expect(hidden).toBeGreaterThan(0);
  });
});

describe('the colours of planes', () => {
  it('should always stand in words beside a map, one for each plane', () => {
    const page = reportToHtml(flattenReport, { heatmap: new Uint8Array(3) });
    const [, list = ''] = /<ul class="legend"[^>]*>([\s\S]*?)<\/ul>/.exec(page) ?? [];
    expect(
      [...list.matchAll(/<li><span class="swatch" style="background:rgb\(\d+,\d+,\d+\)"><\/span>([^<]*)<\/li>/g)].map(
        ([, name]) => name,
      ),
    ).toEqual(flattenReport.slide.zUm.map((zUm, plane) => `plane ${plane}, ${zUm} µm`));
  });
});

describe('the options on a page', () => {
  it('should always stand beside what they mean', () => {
    const page = reportToHtml(flattenReport, {});
    for (const name of Object.keys(flattenReport.options)) {
      expect(page).toMatch(new RegExp(`<th scope="row">${name}</th><td>[^<]+</td><td class="why">[a-z][^<]{6,}</td>`));
    }
  });
});
