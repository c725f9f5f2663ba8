// Planes chosen by block, as a user has it done: sharper against a known truth, and every block the scanner's own.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DepthMapJson } from '../../src/report/depth-map-json.js';
import type { RunReport } from '../../src/report/run-report.js';
import { temporaryFolder, zflat } from './run-zflat.js';

const { folder, remove } = temporaryFolder();
const at = (name: string) => join(folder, name);
const slide = at('step.ome.tiff');
const reports: Record<string, RunReport> = {};

function flatten(input: string, output: string, ...words: string[]): RunReport {
  const { status, stdout, stderr } = zflat('flatten', input, '-o', at(output), '--json', ...words);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as RunReport;
}

beforeAll(() => {
  const size = ['--width', '1536', '--height', '1000', '--planes', '5', '--seed', '3'];
  zflat('synth', '-o', slide, '--terrain', 'step', ...size, '--sharp', at('sharp.ome.tiff'));
  reports.tile = flatten(slide, 'tile.ome.tiff', '--grain', 'tile');
  reports.block = flatten(slide, 'block.ome.tiff', '--depth-map', at('map.json'));
});
afterAll(remove);

async function psnr(name: string): Promise<number> {
  const [a, b] = await Promise.all([name, 'sharp.ome.tiff'].map((file) => sharp(at(file)).raw().toBuffer()));
  expect(a.length).toBe(b.length);
  let error = 0;
  for (let i = 0; i < a.length; i++) error += (a[i] - b[i]) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / error);
}

describe('planes by block', () => {
  it('should be nearer the truth than planes of whole tiles', async () => {
    expect(await psnr('block.ome.tiff')).toBeGreaterThan((await psnr('tile.ome.tiff')) + 0.3);
  });

  it('should report what was mixed, and what that took', () => {
    const { blocks, probes, pixelsDecoded } = reports.block.plan;
    expect(blocks?.tilesMixed).toBeGreaterThan(0);
    expect(blocks?.tilesScored).toBeGreaterThanOrEqual(blocks?.tilesMixed ?? 0);
    expect(blocks?.gain).toBeGreaterThan(1);
    expect(blocks?.drift).toBeLessThan(0.3);
    expect(pixelsDecoded - reports.tile.plan.pixelsDecoded).toBe(probes.blocks * 256 * 256);
    const { retained, tileRetained } = blocks?.accuracy ?? { retained: 0, tileRetained: 1 };
    expect(retained).toBeGreaterThanOrEqual(0.999);
    expect(tileRetained).toBeLessThan(retained - 0.01);
    expect(blocks?.mixed).toBe(true);
    expect(reports.block.accuracy).toEqual(reports.tile.accuracy);
    expect(reports.tile.plan.blocks).toBeUndefined();
    expect(reports.tile.plan.probes.blocks).toBe(0);
  });

  it('should pass verify, which names the planes', () => {
    const { status, stdout } = zflat('verify', slide, at('block.ome.tiff'));
    expect(status).toBe(0);
    expect(stdout).toContain('quilted');
  });

  it('should keep tiles of one plane byte for byte, and need few more bytes', () => {
    expect(reports.block.output?.tilesCopied).toBeGreaterThan(0);
    expect(reports.block.output?.tilesEncoded).toEqual({});
    expect(reports.block.output?.bytes).toBeLessThan(1.05 * (reports.tile.output?.bytes ?? 0));
  });

  it('should list the planes of blocks in the depth map', () => {
    const map = JSON.parse(readFileSync(at('map.json'), 'utf8')) as DepthMapJson;
    const mixed = (map.block ?? []).filter((blocks) => blocks !== null);
    expect(map.blockSize).toBe(16);
    expect(mixed.length).toBe(reports.block.plan.blocks?.tilesMixed);
    for (const blocks of mixed) expect(blocks.length).toBe(256);
  });

  it('should always write the same bytes, however many tiles are in flight', () => {
    flatten(slide, 'one.ome.tiff', '--grain', 'block', '--concurrency', '1');
    flatten(slide, 'many.ome.tiff', '--grain', 'block', '--concurrency', '13');
    expect(readFileSync(at('one.ome.tiff')).equals(readFileSync(at('many.ome.tiff')))).toBe(true);
    expect(readFileSync(at('one.ome.tiff')).equals(readFileSync(at('block.ome.tiff')))).toBe(true);
  });

  it('should find one flipped bit', () => {
    const bytes = readFileSync(at('block.ome.tiff'));
    const { offset, length } = lastTileOf(bytes);
    bytes[offset + Math.floor(0.6 * length)] ^= 1 << 3;
    writeFileSync(at('flipped.ome.tiff'), bytes);
    expect(zflat('verify', slide, at('flipped.ome.tiff')).status).not.toBe(0);
  });

  it('should keep to --max-cost', () => {
    const { plan } = flatten(slide, 'cheap.ome.tiff', '--grain', 'block', '--target', '0.9', '--max-cost', '0.8');
    expect(plan.cost).toBeLessThanOrEqual(0.8);
    expect(plan.probes.blocks).toBeGreaterThan(0);
    expect(plan.notes.join()).toContain('--max-cost');
  });

  it('should mix lossless tiles by pixels, each of which is a pixel of its plane', () => {
    const size = ['--width', '700', '--height', '520', '--planes', '4', '--terrain', 'step', '--seed', '5'];
    zflat('synth', '-o', at('deflate.ome.tiff'), ...size, '--codec', 'deflate');
    const { plan, output } = flatten(at('deflate.ome.tiff'), 'deflated.ome.tiff');
    expect(plan.blocks?.tilesMixed).toBeGreaterThan(0);
    expect(plan.blocks?.accuracy?.retained).toBeGreaterThan(0.999);
    expect(output?.tilesEncoded['mixed planes']).toBeGreaterThan(0);
    expect(zflat('verify', at('deflate.ome.tiff'), at('deflated.ome.tiff')).status).toBe(0);
  });

  it('should refuse a grain that there is not', () => {
    const { status, stderr } = zflat('flatten', slide, '-o', at('x.ome.tiff'), '--grain', 'pixel');
    expect(status).toBe(2);
    expect(stderr).toContain('tile, block');
  });
});

/** Where the last tile of level 0 lies in a BigTIFF: TileOffsets (324) and TileByteCounts (325) of its first directory. */
function lastTileOf(bytes: Buffer): { readonly offset: number; readonly length: number } {
  const directory = Number(bytes.readBigUInt64LE(8));
  const entries = Number(bytes.readBigUInt64LE(directory));
  const last = (tag: number) => {
    for (let i = 0; i < entries; i++) {
      const at = directory + 8 + 20 * i;
      if (bytes.readUInt16LE(at) !== tag) continue;
      const wide = bytes.readUInt16LE(at + 2) === 16;
      const count = Number(bytes.readBigUInt64LE(at + 4));
      const values = Number(bytes.readBigUInt64LE(at + 12)) + (wide ? 8 : 4) * (count - 1);
      return wide ? Number(bytes.readBigUInt64LE(values)) : bytes.readUInt32LE(values);
    }
    throw new Error(`no tag ${tag}`);
  };
  return { offset: last(324), length: last(325) };
}
