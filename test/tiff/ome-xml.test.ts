import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeOmeXml } from '../../src/tiff/descriptions.js';
import { parseOmeXml } from '../../src/tiff/ome-xml.js';
import { writeOmeXml } from '../../src/tiff/write-ome-xml.js';
import { arbitraryDraft } from '../arbitraries/ome-draft.js';

describe('OME-XML', () => {
  it('should always say the same after writing and reading', () => {
    fc.assert(
      fc.property(arbitraryDraft, (draft) => {
        const xml = writeOmeXml(draft);
        expect(looksLikeOmeXml(xml)).toBe(true);
        const { images, annotations } = parseOmeXml(xml, 'a file');
        const [image] = draft.images;
        expect(images.map(({ name }) => name)).toEqual(draft.images.map(({ name }) => name));
        const [{ pixels, objective }] = images;
        expect(pixels).toMatchObject({
          sizeX: 300,
          sizeY: 200,
          sizeZ: image.planes,
          sizeC: image.pixel.channels,
          sizeT: 1,
        });
        expect([pixels.physicalSizeX, pixels.physicalSizeY]).toEqual([
          image.micronsPerPixel?.x,
          image.micronsPerPixel?.y,
        ]);
        expect(pixels.channels).toEqual([{ name: image.channelName, samplesPerPixel: image.pixel.channels }]);
        expect(objective?.model).toBe(image.objective?.model);
        expect(objective?.magnification).toBe(image.objective?.magnification);
        expect(pixels.tiffData.map(({ firstZ, ifd, planeCount }) => [firstZ, ifd, planeCount])).toEqual(
          Array.from({ length: image.planes }, (_, z) => [z, z, 1]),
        );
        if (image.planes > 1) expect(pixels.positions.map(({ zUm }) => zUm)).toEqual(image.zUm);
        const [map, comment] = annotations;
        expect(comment).toEqual({ namespace: 'text', value: draft.annotations[0].value });
        expect(Object.fromEntries(map.value as Map<string, string>)).toEqual({
          ...(draft.annotations[1].value as object),
        });
      }),
    );
  });

  it('should always be told from other descriptions', () => {
    for (const other of [undefined, '', 'ImageJ=1.11a', 'Aperio Image Library', '<HOME>', '<a><OMEN/></a>']) {
      expect(looksLikeOmeXml(other)).toBe(false);
    }
    expect(looksLikeOmeXml('<?xml version="1.0"?><!-- a comment --><ome:OME xmlns:ome="x"></ome:OME>')).toBe(true);
  });

  it.each([
    ['cut short', '<OME><Image><Pixels SizeX="3"', /can't be read/],
    ['without Pixels', '<OME><Image ID="a"></Image></OME>', /no Pixels/],
    ['with a size that is none', '<OME><Image><Pixels SizeX="-3" SizeY="2"/></Image></OME>', /SizeX.*"-3"/],
    [
      'with a size of half a plane',
      '<OME><Image><Pixels SizeX="3" SizeY="2" SizeZ="1.5"/></Image></OME>',
      /SizeZ.*"1.5"/,
    ],
    ['of another kind', '<html></html>', /no element OME/],
  ])('should always be refused %s', (_, xml, message) => {
    expect(() => parseOmeXml(xml, 'slide.tif')).toThrow(
      expect.objectContaining({
        code: message.test("can't be read") ? 'damaged' : 'contradictory',
        message: expect.stringMatching(message),
        place: { file: 'slide.tif' },
      }),
    );
  });

  it('should never expand entities without end', () => {
    const bomb = `<!DOCTYPE OME [<!ENTITY a "${'x'.repeat(1000)}">${Array.from({ length: 8 }, (_, i) => `<!ENTITY ${'bcdefghi'[i]} "${`&${'abcdefgh'[i]};`.repeat(10)}">`).join('')}]><OME><Image Name="&i;"><Pixels SizeX="1" SizeY="1"/></Image></OME>`;
    const outcome = (() => {
      try {
        return parseOmeXml(bomb, 'bomb').images[0].name?.length ?? 0;
      } catch {
        return 0;
      }
    })();
    expect(outcome).toBeLessThan(1e6);
  });

  it('should always read heights and pixel sizes in any unit of length', () => {
    const um = (value: string, unit: string) =>
      parseOmeXml(
        `<OME><Image><Pixels SizeX="1" SizeY="1" PhysicalSizeX="${value}" PhysicalSizeXUnit="${unit}"/></Image></OME>`,
        'f',
      ).images[0].pixels.physicalSizeX;
    const units = {
      '0.25': ['µm', 'μm'],
      '250': ['nm'],
      '2.5e-4': ['mm'],
      '2.5e-5': ['cm'],
      '2.5e-7': ['m'],
      '2500': ['Å'],
    };
    for (const [value, names] of Object.entries(units))
      for (const unit of names) expect(um(value, unit)).toBeCloseTo(0.25, 9);
    expect(um('3', 'pixel')).toBeUndefined();
    expect(um('0', 'µm')).toBeUndefined();
  });
});
