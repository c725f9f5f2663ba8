// What a dry run foretells is what then happens, near enough; and nothing is written.
import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { depthByTile, plainStack, type StackSpec, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { type FlattenOptions, flattenSlide, previewFlatten } from '../../src/index.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
let count = 0;

async function both(spec: Partial<StackSpec>, options: FlattenOptions = {}) {
  const { path } = await writeStack(folder.folder(`in-${count}`), { ...plainStack, width: 700, height: 500, ...spec });
  const output = folder.at(`out-${count++}.ome.tiff`);
  const preview = await previewFlatten(path, output, options);
  expect(existsSync(output)).toBe(false);
  const { report } = await flattenSlide(path, output, options);
  return { preview, report, path, output };
}

describe('a dry run', () => {
  it('should always foretell levels, tiles and about the bytes of copied tiles', async () => {
    const { preview, report, path } = await both({ storage: { codec: 'jpeg' }, depth: depthByTile(64, 4) });
    expect(preview.slide).toEqual(report.slide);
    expect(preview.read).toMatchObject({ bytes: statSync(path).size, tiles: 4 * 88 });
    expect(preview.written).toMatchObject({ format: 'ome-tiff', encoded: null, levels: 5 });
    const made = report.output;
    const tiles =
      (made?.tilesCopied ?? 0) + (made?.tilesQuilted ?? 0) + sum(made?.tilesEncoded) + sum(made?.tilesUnmixed);
    expect(preview.written.tiles).toBe(tiles);
    expect(preview.written.bytes / (made?.bytes ?? 0)).toBeGreaterThan(0.6);
    expect(preview.written.bytes / (made?.bytes ?? 0)).toBeLessThan(1.4);
    expect(preview.seconds).toBeGreaterThan(0);
  });

  it('should always say why tiles are encoded', async () => {
    const { preview, report } = await both({ tile: undefined, storage: { codec: 'deflate' }, pyramid: 'none' });
    expect(preview.written.encoded).toBe('planes stored without tiles');
    expect(report.output?.tilesCopied).toBe(0);
    expect(preview.written.bytes / (report.output?.bytes ?? 0)).toBeGreaterThan(0.5);
    expect(preview.written.bytes / (report.output?.bytes ?? 0)).toBeLessThan(2);
  });

  it('should only score what the method scores', async () => {
    const exhaustive = await both({}, { method: 'exhaustive', grain: 'tile' });
    expect(exhaustive.preview.read.scored).toBe(exhaustive.preview.read.tiles);
    const one = await both({ planes: 1, depth: () => 0 });
    expect(one.preview.read.scored).toBe(0);
  });

  it('should refuse what flattening refuses', async () => {
    const { path, output } = await both({});
    await expect(previewFlatten(path, output)).rejects.toThrow('exists already');
    await expect(previewFlatten(path, path, { force: true })).rejects.toThrow('the slide itself');
    await expect(previewFlatten(path, folder.at('x.ome.tiff'), { level: 9 })).rejects.toThrow('there is no level 9');
  });
});

function sum(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((all, each) => all + each, 0);
}
