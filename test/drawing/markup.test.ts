import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html } from '../../src/drawing/markup.js';

const unit = fc.oneof(
  fc.constantFrom('<', '>', '"', "'", '&', ';', '/'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const texts = fc.string({ unit });

describe('html', () => {
  it('should never let text become markup, in content or in an attribute', () => {
    fc.assert(
      fc.property(texts, texts, (attribute, content) => {
        const { text } = html`<b title="${attribute}">${content}</b>`;
        expect(text.match(/[<>]/g)).toEqual(['<', '>', '<', '>']);
        expect(text.match(/"/g)).toHaveLength(2);
      }),
    );
  });

  it('should always keep the text, but for what no document may hold', () => {
    const parser = new XMLParser({
      ignoreAttributes: false,
      trimValues: false,
      parseTagValue: false,
      htmlEntities: true,
    });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (content) => {
        expect(parser.parse(html`<b>x${content}</b>`.text).b).toBe(`x${content}`);
      }),
    );
    expect(escapeHtml('a\u0000b\u001fc\td\ne\ud800f\uffff')).toBe('a\ufffdb\ufffdc\td\ne\ufffdf\ufffd');
    expect(escapeHtml('😀 é 漢')).toBe('😀 é 漢');
  });

  it('should take pieces of HTML as they are, lists one by one, and nothing for what is missing', () => {
    const items = ['<', 2].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}${undefined}${false}</ul>${0}`.text).toBe('<ul><li>&lt;</li><li>2</li></ul>0');
  });
});
