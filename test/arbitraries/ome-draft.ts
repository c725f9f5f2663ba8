// What OME-XML may have to say: names of any characters, with and without what is optional.
import fc from 'fast-check';
import type { OmeDraft } from '../../src/tiff/write-ome-xml.js';

// Without spaces at the ends: readers take them off.
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((value) => value.trim() === value);
const microns = fc.double({ min: 0.01, max: 50, noNaN: true });

export const arbitraryDraft: fc.Arbitrary<OmeDraft> = fc
  .record({
    creator: text,
    name: text,
    channelName: fc.option(text, { nil: undefined }),
    model: fc.option(text, { nil: undefined }),
    magnification: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    um: fc.option(fc.record({ x: microns, y: microns }), { nil: undefined }),
    planes: fc.integer({ min: 1, max: 5 }),
    step: fc.double({ min: 0.1, max: 10, noNaN: true }),
    colour: fc.boolean(),
    note: text,
    facts: fc.dictionary(text, text, { maxKeys: 4 }).filter((facts) => !('__proto__' in facts)),
    label: fc.boolean(),
  })
  .map(({ creator, name, channelName, model, magnification, um, planes, step, colour, note, facts, label }) => ({
    creator,
    images: [
      {
        name,
        width: 300,
        height: 200,
        pixel: colour ? { channels: 3, sample: 'uint8' } : { channels: 1, sample: 'uint16' },
        planes,
        firstDirectory: 0,
        micronsPerPixel: um,
        zUm: Array.from({ length: planes }, (_, z) => z * step),
        channelName,
        objective: model === undefined && magnification === undefined ? undefined : { model, magnification },
      },
      ...(label
        ? [
            {
              name: 'label',
              width: 9,
              height: 8,
              pixel: { channels: 3, sample: 'uint8' } as const,
              planes: 1,
              firstDirectory: planes,
            },
          ]
        : []),
    ],
    annotations: [
      { namespace: 'text', value: note },
      { namespace: 'map', value: facts },
    ],
  }));
