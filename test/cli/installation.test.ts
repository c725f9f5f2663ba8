// zflat where a library has no binary for this machine, as when its folder was copied from another one: no slide is to blame.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, temporaryFolder, zflat } from './run-zflat.js';

const { folder, remove } = temporaryFolder();
const at = (name: string) => join(folder, name);
const slide = at('slide.ome.tiff');

/** Refuses sharp as it refuses itself. */
const hook = `
export async function resolve(name, context, next) {
  if (name === 'sharp') throw new Error('Could not load the "sharp" module using the plan9 runtime\\nPossible solutions: ...');
  return next(name, context);
}`;
const module = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
const refusal = module(`import { register } from 'node:module'; register(${JSON.stringify(module(hook))});`);

beforeAll(async () => {
  const size = ['--width', '300', '--height', '200', '--tile-size', '64', '--planes', '3'];
  expect(zflat('synth', '-o', slide, ...size).status).toBe(0);
  const grey = { width: 64, height: 64, channels: 3, background: 'grey' } as const;
  for (const name of ['a.png', 'b.png']) await sharp({ create: grey }).toFile(at(name));
});
afterAll(remove);

describe('a library that can not be loaded', () => {
  it.each([
    ['flatten', slide, '-o', at('flat.ome.tiff'), '--heatmap', at('heatmap.png')],
    ['rank', at('a.png'), at('b.png')],
  ])('should always be named, with what to do, and nothing left behind: %s', (...words) => {
    const before = readdirSync(folder);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', refusal, command, ...words], {
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/the library sharp can't be loaded: Could not load .* plan9 runtime \(install zflat anew/);
    expect(stderr).not.toMatch(/damaged|\n\s+at /);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(readdirSync(folder)).toEqual(before);
  });
});
