// What zflat does not read is called what it is, also where it begins like something that zflat does read.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { grey, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp } from '../../experiments/harness/fixtures/plane-files.js';
import { exitCodeOf } from '../../src/cli/exit-codes.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { openFiles, refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();

async function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = folder.at(name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

const some = Buffer.alloc(200, 7);
const latin1 = (text: string) => Buffer.concat([Buffer.from(text, 'latin1'), some]);

describe('a file of another kind', () => {
  it('should always be called what it is by its name, though it holds a picture, and be refused with exit code 3', async () => {
    const preview = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#888' } })
      .jpeg()
      .toBuffer();
    const stack = await writeStack(folder.folder('tiff'), { width: 64, height: 64, planes: 2, depth: () => 0 });
    const previewTiff = stack.tiffs[0].bytes;
    const cases: [string, Uint8Array, RegExp][] = [
      ['slide.mrxs', preview, /3DHISTECH slide \(MRXS\)/],
      ['SLIDE.MRXS', preview, /3DHISTECH/],
      ['slide.vsi', previewTiff, /Olympus slide \(VSI\)/],
      ['frame_t.ets', latin1('SIS\0'), /Olympus/],
      ['slide.vms', Buffer.from('[Virtual Microscope Specimen]\n'), /Hamamatsu/],
      ['slide.isyntax', some, /Philips/],
      ['slide.lif', some, /Leica/],
      ['slide.tar', some, /archive/],
    ];
    for (const [name, bytes, words] of cases) {
      const path = await fileOf(name, bytes);
      const refusal = await refusalOf(openSlide(path));
      expect([refusal.code, exitCodeOf(refusal), refusal.place.file]).toEqual(['unsupported', 3, path]);
      expect(refusal.message).toMatch(words);
      expect(refusal.hint).toMatch(/convert|unpack/);
    }
    expect(openFiles().filter((path) => path.startsWith(folder.at()))).toEqual([]);
  });

  it('should always be called what it is by its first bytes, whatever its name', async () => {
    const cases: [string, RegExp][] = [
      ['%PDF-1.7\n', /PDF document/],
      ['PK\x03\x04\x14\0', /ZIP archive/],
      ['\x1f\x8b\x08', /archive/],
      ['7z\xbc\xaf\x27\x1c', /archive/],
      ['\x89HDF\r\n\x1a\n', /HDF5/],
      ['\0\0\0\x20ftypisom', /film/],
      ['<!DOCTYPE html><html>', /web page/],
    ];
    for (const [start, words] of cases) {
      for (const name of ['slide.tif', 'slide', 'slide.svs']) {
        const refusal = await refusalOf(openSlide(await fileOf(name, latin1(start))));
        expect([refusal.code, refusal.message]).toEqual(['unsupported', expect.stringMatching(words)]);
      }
    }
  });

  it('should always be found among the files of planes', async () => {
    const [plane] = [folder.at('planes', 'p0.tif')];
    await mkdir(dirname(plane), { recursive: true });
    await saveWithSharp(sharpPicture({ width: 40, height: 40 }, grey('uint8'), 1), plane);
    const other = await fileOf('planes/p1.vsi', some);
    expect(await refusalOf(openSlide([plane, other]))).toMatchObject({ code: 'unsupported', place: { file: other } });
  });

  it('should never be told of a file that is not there', async () => {
    expect(await refusalOf(openSlide(folder.at('none.mrxs')))).toMatchObject({ code: 'unreadable' });
  });
});

describe('a place on another kind of server', () => {
  it('should always be refused as wrong usage, with what to do', async () => {
    for (const place of [
      's3://bucket/slide.svs',
      'gs://bucket/slide.zarr',
      'ftp://host/slide.tif',
      'file:///slide.tif',
    ]) {
      for (const input of [place, [place, 'other.tif']]) {
        const refusal = await refusalOf(openSlide(input));
        expect([refusal.code, exitCodeOf(refusal)]).toEqual(['usage', 2]);
        expect(refusal.message).toMatch(`zflat fetches nothing by ${place.split('/')[0]}//`);
        expect(refusal.hint).toMatch(place.startsWith('file') ? /path/ : /https/);
      }
    }
  });
});

describe('a folder', () => {
  it('should always be refused as wrong usage where it holds slides, listing them', async () => {
    const names = ['a.ndpi', 'b.czi', 'c.scn', 'd.bif', 'e.ndpi', 'f.ndpi'];
    for (const name of names) await fileOf(`slides/${name}`, some);
    const refusal = await refusalOf(openSlide(folder.at('slides')));
    expect(refusal).toMatchObject({ code: 'usage', place: { file: folder.at('slides') } });
    expect(refusal.message).toMatch(/6 slides.*a\.ndpi, b\.czi, c\.scn, d\.bif, e\.ndpi, ….*give one of them/);
    await mkdir(folder.at('zarrs', 'one.zarr'), { recursive: true });
    expect((await refusalOf(openSlide(folder.at('zarrs')))).message).toMatch(/a slide and no planes: one\.zarr/);
  });

  it('should always be called what it is where zflat reads none of its slides', async () => {
    await fileOf('mrxs/one.mrxs', some);
    await fileOf('mrxs/two.mrxs', some);
    const refusal = await refusalOf(openSlide(folder.at('mrxs')));
    expect([refusal.code, refusal.message]).toEqual(['unsupported', expect.stringMatching(/2 slides.*3DHISTECH/)]);
    await fileOf('mrxs/one/Slidedat.ini', '[GENERAL]\n');
    const inside = await refusalOf(openSlide(folder.at('mrxs', 'one')));
    expect([inside.code, inside.message]).toEqual(['unsupported', expect.stringMatching(/3DHISTECH/)]);
  });
});
