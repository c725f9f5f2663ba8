import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printableJson, printableLine, printableLines, printableTrace } from '../../src/system/printable.js';

/** Text in which what a terminal would obey is frequent. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\x1b[2J',
        '\x1b]0;x\x07',
        '\r',
        '\n',
        '\t',
        '\b',
        '\x7f',
        '\x9b31m',
        '\x85',
        '\u202e',
        '\u2066',
        '\u2028',
        '\ufeff',
      ),
      fc.constantFrom('\ud800', '\udc00', 'ä', '漢', '😀', 'µ'),
      fc.string({ maxLength: 5, unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** Whether a terminal would do anything but write: looked at one by one. */
function obeyed(text: string): string[] {
  return [...text].filter((character) => {
    const point = character.codePointAt(0) as number;
    const control = point < 32 || (point >= 0x7f && point < 0xa0);
    const turns = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point === 0x200f;
    return control || turns || point === 0x2028 || point === 0x2029 || (point >= 0xd800 && point < 0xe000);
  });
}

describe('text for a terminal', () => {
  it('should never hold what a terminal obeys', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(obeyed(printableLine(text))).toEqual([]);
        expect(obeyed(printableLines(text).replaceAll('\n', ''))).toEqual([]);
        expect(printableLines(text).split('\n')).toHaveLength(text.split('\n').length);
      }),
    );
  });

  it('should always keep what is written in any language', () => {
    for (const text of ['Bär α-tubulin 10 µm', '漢字', 'עברית', 'العربية', '😀 ok', 'a\u0301'])
      expect(printableLine(text)).toBe(text);
  });

  it('should always say as JSON what it said before', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, value) => {
        const json = JSON.stringify({ [`k${name}`]: [value, 1] }, null, 2);
        expect(JSON.parse(printableJson(json))).toEqual(JSON.parse(json));
        expect(obeyed(printableJson(json).replaceAll('\n', ''))).toEqual([]);
      }),
    );
  });

  it('should never be as long as a file that a defect quotes', () => {
    const error = new Error(`${'x'.repeat(100_000)}\n${'y\n'.repeat(5000)}\x1b[2J`);
    const shown = printableTrace(error);
    expect(shown).toMatch(/ {4}at .*printable\.test/);
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(300);
    expect(shown.split('\n').length).toBeLessThan(20);
    expect(shown).not.toContain('\x1b');
    expect(printableTrace('no error at all')).toBe('no error at all');
  });
});
