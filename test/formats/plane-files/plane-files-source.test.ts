import { readFile, writeFile } from 'node:fs/promises';
import jpegTurbo from '@julusian/jpeg-turbo';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { depthByTile, type StackSpec, writeStack } from '../../../experiments/harness/fixtures/ome-stack.js';
import { grey, rgb, sharpPicture } from '../../../experiments/harness/fixtures/pictures.js';
import {
  saveWithSharp,
  type WrittenPlanes,
  writePlanes,
  writeTiffPlanes,
} from '../../../experiments/harness/fixtures/plane-files.js';
import type { PixelFormat, Raster } from '../../../src/slide/raster.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { describeSlideSource, type KnownSlide } from '../../contracts/slide-source.js';
import { readWithSharp } from '../../fixtures/other-decoders.js';
import { halvings, retiledSizes } from '../../fixtures/retiled-levels.js';
import { itWithData, sharedData } from '../../fixtures/shared-data.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const small = { width: 150, height: 91, planes: 3, depth: depthByTile(64, 3) } as const;
const tileSize = 64;

/** What is said of planes in files of plain names. */
const takenNote = (planes: number) => expect.stringMatching(`^planes p0.* … p${planes - 1}.* \\(${planes}\\)$`);

/** What the contract needs to know of planes stored without tiles. */
function retiled({ folder, pictures }: WrittenPlanes, info: KnownSlide['info'] = {}): KnownSlide {
  const sizes = retiledSizes(pictures[0], tileSize);
  return {
    input: folder,
    options: { tileSize },
    info: { format: 'one file per plane', retiled: 'lossless', notes: [takenNote(pictures.length)], ...info },
    levels: sizes.map((size) => ({
      ...size,
      columns: Math.ceil(size.width / tileSize),
      rows: Math.ceil(size.height / tileSize),
    })),
    tile: { width: tileSize, height: tileSize },
    planes: pictures.length,
    picture: halvings((plane) => pictures[plane]),
    tolerance: 0,
    incomparable: /without tiles/,
  };
}

const lossless: Record<string, { pixel: PixelFormat; extension: string }> = {
  'LZW strips': { pixel: rgb, extension: 'tif' },
  'LZW strips, grey': { pixel: grey('uint8'), extension: 'tif' },
  'LZW strips, grey of 16 bits': { pixel: grey('uint16'), extension: 'tif' },
  PNG: { pixel: rgb, extension: 'png' },
  'PNG, grey': { pixel: grey('uint8'), extension: 'png' },
  'PNG, grey of 16 bits': { pixel: grey('uint16'), extension: 'png' },
};

for (const [name, { pixel, extension }] of Object.entries(lossless)) {
  describeSlideSource(`planes in files: ${name}`, async (folder) =>
    retiled(await writePlanes(folder.at('in'), { ...small, pixel }, (z) => `p${z}.${extension}`, saveWithSharp)),
  );
}

describeSlideSource('planes in files: PNG with transparency', async (folder) => {
  const save = (picture: Raster, path: string) => {
    const { width, height, channels } = picture;
    return sharp(picture.data as Uint8Array, { raw: { width, height, channels } })
      .ensureAlpha(0.5)
      .toFile(path);
  };
  return retiled(await writePlanes(folder.at('in'), small, (z) => `p${z}.png`, save));
});

for (const [name, pixel] of Object.entries({ JPEG: rgb, 'JPEG, grey': grey('uint8') })) {
  describeSlideSource(`planes in files: ${name}`, async (folder) => {
    const planes = await writePlanes(folder.at('in'), { ...small, pixel }, (z) => `p${z}.jpg`, saveWithSharp);
    const pictures = await Promise.all(planes.files.map((file) => decodedByTurbo(file, pixel)));
    // Quality 95, where the fast DCT of the other decoder is off by up to 12.
    return { ...retiled({ ...planes, pictures }, { retiled: 'lossy' }), tolerance: 13 };
  });
}

const tiled: Record<string, Partial<StackSpec>> = {
  'pyramid in SubIFDs': {},
  'JPEG with shared tables, pyramid in the main chain': {
    pyramid: 'main-chain',
    storage: { codec: 'jpeg', sharedTables: true, sampling: '4:4:4' },
  },
  'big-endian, no pyramid': { pyramid: 'none', bigEndian: true, pixel: grey('uint16') },
};

for (const [name, spec] of Object.entries(tiled)) {
  describeSlideSource(`planes in files: TIFF tiles, ${name}`, async (folder) => {
    const { files, ...stack } = await writeTiffPlanes(
      folder.at('in'),
      { ...small, ...spec, planes: 3 },
      (z) => `p${z}.tif`,
    );
    expect(files).toHaveLength(3);
    const jpeg = stack.spec.storage.codec === 'jpeg';
    const at = (z: number) => ({ z, c: 0, t: 0 });
    const sizes = stack.levels.map((level) => stack.picture(at(0), level));
    return {
      input: stack.folder,
      info: {
        format: 'one file per plane',
        retiled: undefined,
        notes: [takenNote(3)],
        micronsPerPixel: { x: 0.5, y: 0.5 },
      },
      levels: sizes.map(({ width, height }) => ({
        width,
        height,
        columns: Math.ceil(width / 64),
        rows: Math.ceil(height / 64),
      })),
      tile: { width: 64, height: 64 },
      planes: 3,
      picture: (plane, level) =>
        jpeg ? readWithSharp({ path: stack.planeFiles[plane], page: level }) : stack.picture(at(plane), level),
      tolerance: jpeg ? 5 : 0,
      stored: ({ level, plane, row, column }) =>
        stack.stored(at(plane), level).chunks[row * Math.ceil(sizes[level].width / 64) + column],
      incomparable: undefined,
    };
  });
}

describe('openSlide of planes in files', () => {
  const folder = temporaryFolder();
  const tiny = { width: 40, height: 30, planes: 12, depth: () => 0 } as const;
  const planesIn = (name: string, nameOf: (plane: number) => string, spec: Partial<StackSpec> = tiny) =>
    writePlanes(folder.at(name), spec, nameOf, saveWithSharp);
  const opened = async (input: string | readonly string[], options = {}) => {
    const source = await openSlide(input, options);
    await source.close();
    return source;
  };

  it('should always order planes by the number that differs: 2 before 10', async () => {
    const { folder: at, files } = await planesIn('natural', (z) => `slide7_z${z}.png`);
    for (const input of [at, `${at}/slide7_z*.png`, [...files].reverse()]) {
      const source = await opened(input);
      expect(source.info.planes.map(({ plane }) => source.fileOf(plane))).toEqual(files);
      expect(source.info.planes.every(({ zUm }) => zUm === undefined)).toBe(true);
    }
  });

  it('should always take heights that stand in the names, also below 0', async () => {
    const { folder: at, files } = await planesIn('heights', (z) => `s_${(z - 2) * 1.5}um.png`, { ...tiny, planes: 5 });
    const source = await opened(at);
    expect(source.info.planes.map(({ zUm }) => zUm)).toEqual([-3, -1.5, 0, 1.5, 3]);
    expect(source.info.planes.map(({ plane }) => source.fileOf(plane))).toEqual(files);
    expect((await opened(at, { zStepUm: 2 })).info.planes.map(({ zUm }) => zUm)).toEqual([0, 2, 4, 6, 8]);
  });

  it('should never take one file for two planes', async () => {
    const { folder: at, files } = await planesIn('twice', (z) => `z${z}.png`, { ...tiny, planes: 2 });
    const other = `${at}/../twice/z0.png`;
    for (const list of [
      [files[0], files[0]],
      [files[0], files[1], other],
    ]) {
      await expect(opened(list)).rejects.toMatchObject({
        code: 'usage',
        problem: expect.stringMatching(/twice/),
        place: { file: list[list.length - 1] },
      });
    }
  });

  it('should always leave out what does not belong to the series, and say so', async () => {
    const { folder: at } = await planesIn('mixed', (z) => `z${z}.png`, { ...tiny, planes: 3 });
    await writeFile(`${at}/notes.txt`, 'no picture');
    await saveWithSharp(sharpPicture({ width: 40, height: 30 }, rgb, 5), `${at}/expected.png`);
    const { info } = await opened(at);
    expect(info.planes).toHaveLength(3);
    expect(info.notes).toEqual(['planes z0.png … z2.png (3)', 'left out 1: expected.png']);
  });

  it('should never pass over planes in silence: a file without OME-XML is one plane, and further images are told of', async () => {
    for (const tile of [undefined, { width: 64, height: 64 }]) {
      const stack = await writeStack(folder.folder(`pages-${tile?.width}`), { ...small, tile, pyramid: 'none' });
      const [{ bytes, directories, path }] = stack.tiffs;
      const at = directories[0].valuesAt.get(270) as number;
      bytes.fill(' ', at, bytes.indexOf(0, at));
      bytes.write('ImageJ=1.53t images=3 slices=3', at);
      await writeFile(path, bytes);
      const { info } = await opened(path);
      expect(info.planes).toHaveLength(1);
      expect(info.notes).toEqual([expect.stringMatching(/2 further images of the same size/)]);
    }
  });

  it('should always say why a folder holds no stack', async () => {
    const empty = folder.folder('empty');
    await expect(opened(empty)).rejects.toMatchObject({ code: 'unreadable', place: { file: empty } });
    const two = folder.folder('two');
    for (const name of ['a.png', 'b.png']) await saveWithSharp(sharpPicture(tiny, rgb, 1), `${two}/${name}`);
    await expect(opened(two)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/not of one pattern: a\.png, b\.png/),
    });
    await expect(opened(folder.at('two', 'c*.png'))).rejects.toMatchObject({ code: 'unreadable' });
    await expect(opened([])).rejects.toMatchObject({ code: 'usage' });
    await expect(opened('')).rejects.toMatchObject({ code: 'usage' });
  });

  it('should always refuse pictures that zflat can not read, by name', async () => {
    const at = folder.folder('refused');
    const picture = sharpPicture(tiny, rgb, 1);
    const raw = { width: 40, height: 30, channels: 3 } as const;
    await sharp(picture.data as Uint8Array, { raw })
      .webp()
      .toFile(`${at}/w1.png`);
    await sharp(picture.data as Uint8Array, { raw })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(`${at}/o1.jpg`);
    await sharp(picture.data as Uint8Array, { raw })
      .toColourspace('rgb16')
      .png()
      .toFile(`${at}/d1.png`);
    await writeFile(`${at}/t1.png`, 'no picture');
    const refusals = { 'w1.png': /webp/, 'o1.jpg': /rotated.*6/, 'd1.png': /16-bit colour/, 't1.png': /no picture/ };
    for (const [name, message] of Object.entries(refusals)) {
      const refusal = {
        code: 'unsupported',
        message: expect.stringMatching(message),
        place: { file: `${at}/${name}` },
      };
      await expect(opened(`${at}/${name}`)).rejects.toMatchObject(refusal);
    }
  });

  it('should always refuse tile sizes that no tile can have', async () => {
    const { folder: at } = await planesIn('sizes', (z) => `z${z}.png`, { ...tiny, planes: 2 });
    for (const size of [0, 8, 24, 100, 8192, 64.5, Number.NaN]) {
      await expect(opened(at, { tileSize: size })).rejects.toMatchObject({ code: 'usage' });
    }
  });

  itWithData(['svs', 'CMU-1-Small-Region.svs'], 'should always read what Aperio writes of a slide', async () => {
    const { info } = await opened(sharedData('svs', 'CMU-1-Small-Region.svs'));
    expect(info).toMatchObject({
      format: 'single plane',
      micronsPerPixel: { x: 0.499, y: 0.499 },
      objective: { magnification: 20 },
      encoding: { codec: 'jpeg' },
    });
    expect(info.associatedImages.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['label', 'macro']));
  });

  itWithData(['svs', 'tcga-cr-7395-01a-01-ts1.svs'], 'should always open Aperio JPEG 2000', async () => {
    const { info } = await opened(sharedData('svs', 'tcga-cr-7395-01a-01-ts1.svs'));
    expect(info).toMatchObject({
      encoding: { codec: 'jpeg2000', photometric: 'rgb' },
      iccProfile: expect.any(Uint8Array),
    });
    expect(info.levels.map(({ grid }) => [grid.width, grid.height])).toEqual([
      [4443, 3567],
      [2221, 1783],
    ]);
  });

  itWithData(['organoid-zstack'], 'should always open the organoids', async () => {
    const { info } = await opened(sharedData('organoid-zstack'));
    expect(info).toMatchObject({ retiled: 'lossless', levels: [{ grid: { width: 1328, height: 1048 } }, {}, {}, {}] });
    expect(info.planes).toHaveLength(11);
  });

  itWithData(['pcb-zstack'], 'should always open the circuit board without the picture that is no plane', async () => {
    const { info } = await opened(sharedData('pcb-zstack'));
    expect(info).toMatchObject({
      retiled: 'lossy',
      notes: [expect.stringMatching(/pcb_001.*pcb_007.*\(7\)/), expect.stringMatching(/expected\.jpg/)],
    });
    expect(info.planes).toHaveLength(7);
  });
});

async function decodedByTurbo(file: string, format: PixelFormat): Promise<Raster> {
  const wanted = format.channels === 1 ? jpegTurbo.FORMAT_GRAY : jpegTurbo.FORMAT_RGB;
  const { width, height, data } = jpegTurbo.decompressSync(await readFile(file), { format: wanted });
  return { width, height, ...format, data };
}
