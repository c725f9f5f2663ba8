// Names and metadata that would command the terminal: no command ever passes them on.
import { renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { grey } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';

import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { type Ran, zflat } from './run-zflat.js';

const { at, folder } = temporaryFolder();
const evil = 'a\x1b[31m\x9b2J\u202eb\nwritten    fake\r';

function expectHarmless({ stdout, stderr }: Ran): void {
  for (const text of [stdout, stderr]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    expect(text).not.toMatch(/^written {4}fake/m);
  }
}

describe('text that commands a terminal', () => {
  const small = { width: 96, height: 64, planes: 3, depth: () => 0 } as const;

  it('should never reach one: from names of files, folders and slides, by any command', async () => {
    const planes = await writePlanes(folder('planes'), small, (z) => `p${z}.png`, saveWithSharp);
    const odd = at(evil.replaceAll('/', ''));
    renameSync(planes.folder, odd);
    const named = planes.files.map((file) => file.replace(planes.folder, odd));
    expectHarmless(zflat('info', odd));
    expectHarmless(zflat('info', odd, '--json'));
    expectHarmless(zflat('flatten', odd, '-o', at('flat.ome.tiff'), '--no-progress'));
    expectHarmless(zflat('map', odd, '-o', at('map.json'), '--no-progress', '--json'));
    expectHarmless(zflat('rank', ...named, '--no-progress'));
    expectHarmless(zflat('compare', odd, '-o', at('compare.html'), '--no-progress'));
    expectHarmless(zflat('verify', odd, at('flat.ome.tiff'), '--no-progress'));
    expectHarmless(zflat('info', `${odd}/missing${evil}.tif`));
    expectHarmless(zflat('flatten', odd, `--wrong${evil}`));
    expectHarmless(zflat(`wrong${evil}`));
  });

  it('should never reach one: from metadata, sound or damaged, nor more than 300 characters of it', async () => {
    const { path } = await writeStack(folder('names'), {
      ...small,
      pixel: grey('uint8'),
      channels: 2,
      channelNames: ['dye&#27;[31m&#155;2J', 'x'.repeat(5000)],
    });
    expectHarmless(zflat('info', path));
    expectHarmless(zflat('info', path, '--json'));
    const wrong = zflat('info', path, '--channel', 'none');
    expect(wrong.status).toBe(2);
    expectHarmless(wrong);
    expect(wrong.stderr.length).toBeLessThan(1200);
    const list = at('list.json');
    for (const text of [
      `{"planes": ${'['.repeat(3000)}${evil}`,
      JSON.stringify({ planes: [{ deepZoom: evil.repeat(500) }] }),
    ]) {
      writeFileSync(list, text);
      const refused = zflat('info', list);
      expect(refused.status).not.toBe(0);
      expectHarmless(refused);
      expect(refused.stderr.length).toBeLessThan(1000);
    }
  });
});
