import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../experiments/harness/fixtures/programs.js';
import { checkOutput, checkOutputs } from '../../src/output/check-output.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();

describe('checkOutput', () => {
  it('should only take a name that is free, in a folder that there is', async () => {
    const at = folder.folder('free');
    writeFileSync(join(at, 'there.tif'), 'x');
    await checkOutput(join(at, 'new.tif'), false);
    await checkOutput(join(at, 'there.tif'), true);
    expect(await refusalOf(checkOutput(join(at, 'there.tif'), false))).toMatchObject({
      code: 'output',
      hint: expect.stringMatching(/force/),
      place: { file: join(at, 'there.tif') },
    });
    for (const force of [false, true]) {
      expect(await refusalOf(checkOutput(at, force))).toMatchObject({
        code: 'output',
        problem: expect.stringMatching(/folder/),
        hint: expect.any(String),
      });
      expect(await refusalOf(checkOutput(join(at, 'no', 'x.tif'), force))).toMatchObject({
        code: 'output',
        place: { file: join(at, 'no') },
        hint: expect.any(String),
      });
      expect(await refusalOf(checkOutput(join(at, 'there.tif', 'x.tif'), force))).toMatchObject({
        code: 'output',
        hint: expect.any(String),
      });
    }
  });

  it('should never take what names no file', async () => {
    expect(await refusalOf(checkOutput('', true))).toMatchObject({
      code: 'usage',
      problem: expect.stringMatching(/empty/),
    });
    expect(await refusalOf(checkOutput('-', true))).toMatchObject({ code: 'usage', hint: expect.any(String) });
    const long = await refusalOf(checkOutput(join(folder.at(), 'x'.repeat(300)), true));
    expect(long).toMatchObject({ code: 'output', problem: expect.stringMatching(/longer/) });
    expect(long.message.length).toBeLessThan(300);
  });

  it('should only take a link that leads nowhere by force', async () => {
    const at = folder.folder('links');
    symlinkSync('nowhere', join(at, 'link.tif'));
    await checkOutput(join(at, 'link.tif'), true);
    expect(await refusalOf(checkOutput(join(at, 'link.tif'), false))).toMatchObject({
      code: 'output',
      hint: expect.stringMatching(/force/),
    });
  });

  it('should never take a pipe or a device, by whatever name, force or not', async () => {
    const at = folder.folder('special');
    await run('mkfifo', join(at, 'pipe.tif'));
    symlinkSync(join(at, 'pipe.tif'), join(at, 'link.tif'));
    for (const name of [join(at, 'pipe.tif'), join(at, 'link.tif'), '/dev/null']) {
      for (const force of [false, true]) {
        expect(await refusalOf(checkOutput(name, force))).toMatchObject({
          code: 'output',
          problem: expect.stringMatching(/pipe/),
        });
      }
    }
  });
});

describe('checkOutputs', () => {
  it('should never take one file for two results, however it is spelled', async () => {
    const at = folder.folder('several');
    await checkOutputs([join(at, 'a.json'), undefined, join(at, 'b.json')], false);
    expect(
      await refusalOf(checkOutputs([join(at, 'a.json'), undefined, join(at, '..', 'several', 'a.json')], true)),
    ).toMatchObject({
      code: 'usage',
      place: { file: join(at, '..', 'several', 'a.json') },
    });
    expect(await refusalOf(checkOutputs([join(at, 'a.json'), at], true))).toMatchObject({ code: 'output' });
  });
});
