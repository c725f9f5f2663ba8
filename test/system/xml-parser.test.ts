// The parser against one that others wrote, on documents of any shape; and its bounds.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { maxXmlLength, parseXml } from '../../src/system/xml-parser.js';

const lists = new Set(['List', 'Plane']);

/** The same by fast-xml-parser. */
function byOther(xml: string): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    parseAttributeValue: false,
    parseTagValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    isArray: (name, _path, _leaf, isAttribute) => lists.has(name) && !isAttribute,
    htmlEntities: true,
  });
  return parser.parse(xml);
}

const name = fc.constantFrom('a', 'b', 'List', 'Plane', 'x:a', 'ns:Plane', 'Ä', 'a-b.c_1');
const attributeName = fc.constantFrom('k', 'Id', 'x:lang', 'z-1');
const text = fc.constantFrom(
  '',
  'text',
  ' padded ',
  '1.50',
  'a &amp; b',
  '&#181;m &#xB5;m',
  'α-tubulin',
  'a\n b',
  '"\'',
  '&lt;b&gt;',
);
const value = fc.constantFrom('', '1', 'a b', '&quot;x&quot;', '&#945;', "it's", '>');

/** A well-formed element. */
const element = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .record({
      name,
      attributes: fc.uniqueArray(fc.tuple(attributeName, value), { selector: ([key]) => key, maxLength: 3 }),
      spaced: fc.constantFrom('', ' ', '\n\t'),
      content: fc.oneof(
        { depthSize: 'small' },
        fc.constant(undefined),
        text,
        fc
          .array(fc.oneof(tie('element'), fc.constantFrom('<!-- a <comment> -->', '<?php x ?>', '\n  ')), {
            maxLength: 4,
          })
          .map((parts) => parts.join('')),
      ),
    })
    .map(({ name: tag, attributes, spaced, content }) => {
      const start = `<${tag}${attributes.map(([key, said]) => ` ${spaced}${key}${spaced}=${spaced}"${said}"`).join('')}${spaced}`;
      return content === undefined ? `${start}/>` : `${start}>${content}</${tag}${spaced}>`;
    }),
})).element;

describe('parseXml', () => {
  it('should always answer what another parser answers', () => {
    const head = fc.constantFrom(
      '',
      '<?xml version="1.0" encoding="UTF-8"?>\n',
      '\ufeff<?xml version="1.0"?><!-- x -->',
      '<!DOCTYPE a>\n',
    );
    fc.assert(
      fc.property(head, element, (start, root) => {
        const xml = `${start}${root}\n`;
        expect(XMLValidator.validate(xml.replace('\ufeff', ''))).toBe(true);
        expect(parseXml(xml, { lists })).toEqual(byOther(xml.replace('\ufeff', '')));
      }),
      { numRuns: 600 },
    );
  });

  it('should always answer or refuse, and refuse what is not well formed', () => {
    const broken = fc.tuple(
      element,
      fc.nat(),
      fc.string({ maxLength: 3, unit: fc.constantFrom('<', '>', '/', '"', '=', 'a', ' ', '&') }),
    );
    fc.assert(
      fc.property(broken, ([root, at, noise]) => {
        const place = at % (root.length + 1);
        const xml = root.slice(0, place) + noise + root.slice(place + noise.length);
        try {
          parseXml(xml, { lists });
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect((error as Error).message.length).toBeLessThan(200);
        }
      }),
      { numRuns: 400 },
    );
    for (const xml of [
      '',
      'text',
      '<a>',
      '</a>',
      '<a></b>',
      '<a/><b/>',
      '<a b=c/>',
      '<a b="1" b="2"/>',
      '<a>x</a>y',
      '<a',
      '<a b="<"/>',
      '<a><!-- x</a>',
      '<a><![CDATA[x</a>',
    ])
      expect(() => parseXml(xml)).toThrow(/at character|no element/);
  });

  it('should always keep CDATA as it is, and skip what is of no use', () => {
    expect(parseXml('<a><b><![CDATA[<x> & y]]></b></a>')).toEqual({ a: { b: '<x> & y' } });
    const skipped = new Set(['a/b']);
    expect(parseXml('<a><b k="1"><c><a><b>deep</b></a></c></b><c><b>kept</b></c></a>', { skipped })).toEqual({
      a: { b: { k: '1' }, c: { b: 'kept' } },
    });
  });

  it('should never take names for anything but names', () => {
    const parsed = parseXml('<a __proto__="x"><constructor>y</constructor><__proto__ z="1"/></a>');
    expect(({} as Record<string, unknown>).z).toBeUndefined();
    expect(Object.keys(parsed.a as object).sort()).toEqual(['__proto__', 'constructor']);
  });

  it('should never read what is too long, too deep, or says too little in too many elements', () => {
    expect(() => parseXml(`<a>${' '.repeat(maxXmlLength)}</a>`)).toThrow(/characters/);
    expect(() => parseXml('<a>'.repeat(5000))).toThrow(/in one another/);
    expect(() => parseXml(`<a>${'<b c=""/>'.repeat(400_000)}</a>`)).toThrow(/so little/);
    expect(() =>
      parseXml(`<!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}">]><a>${'&b;'.repeat(1000)}</a>`),
    ).not.toThrow();
  });
});

describe('memory', () => {
  const plane =
    '<TiffData IFD="7" FirstZ="3" FirstC="0" FirstT="0" PlaneCount="1"><UUID FileName="a_7.ome.tif">urn:uuid:1234-7</UUID></TiffData>' +
    '<Plane TheZ="3" TheC="0" TheT="0" PositionZ="3.5" PositionZUnit="mm"/>';
  const repeated: Readonly<Record<string, readonly [string, number, 'read' | 'refused']>> = {
    planes: [plane, 60_000, 'read'],
    annotations: ['<M K="Exposure">120</M>', 500_000, 'read'],
    'one text': ['x', 12_000_000, 'read'],
    attributes: ['<b c="abc" d="defgh"/>', 500_000, 'read'],
    'short elements': ['<b c=""/>', 1_200_000, 'refused'],
    'empty elements': ['<a/>', 2_500_000, 'refused'],
    'hardly more than empty ones': ['<abcd/>', 1_700_000, 'read'],
  };

  it.each(Object.keys(repeated))('should never take more than 8 times the document: %s', (kind) => {
    const [part, times, expected] = repeated[kind];
    const source = (name: string) =>
      JSON.stringify(fileURLToPath(new URL(`../../src/system/${name}.ts`, import.meta.url)));
    const script = `
      import { parseXml } from ${source('xml-parser')};
      import { peakMemory } from ${source('peak-memory')};
      const xml = Buffer.from('<OME>' + ${JSON.stringify(part)}.repeat(${times}) + '</OME>').toString();
      const before = peakMemory();
      let outcome = 'read', kept;
      try { kept = parseXml(xml); } catch (error) { outcome = 'refused'; }
      console.log(outcome, (peakMemory() - before) / xml.length, kept !== outcome);`;
    const [outcome, growth] = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
      encoding: 'utf8',
    }).split(' ');
    expect([outcome, Number(growth) < 8]).toEqual([expected, true]);
  });
});
