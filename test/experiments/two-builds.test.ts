import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { differences } from '../../experiments/harness/record/two-builds.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

describe('two builds', () => {
  const folder = temporaryFolder();
  let count = 0;

  async function outcome(files: Readonly<Record<string, string>>) {
    const place = folder.at(`${count++}`);
    await mkdir(place);
    for (const [name, text] of Object.entries(files)) await writeFile(`${place}/${name}`, text);
    return { folder: place, exit: 0 };
  }

  it('should never differ by times and memory alone', async () => {
    const report = (ms: number) => JSON.stringify({ plan: { cost: 0.2 }, elapsedMs: { total: ms }, peakRssBytes: ms });
    const [one, two] = [await outcome({ 'report.json': report(5) }), await outcome({ 'report.json': report(7) })];
    expect(await differences(one, two)).toEqual([]);
  });

  it('should always tell which field, line, byte or file differs, and both values', async () => {
    const files = { 'map.json': '{"planes":[1,2],"a":1}', 'flat.ome.tiff': 'abcd', 'said.txt': 'done\nexit 0\n' };
    const one = await outcome(files);
    expect(await differences(one, await outcome(files))).toEqual([]);
    const two = await outcome({
      'map.json': '{"planes":[1,3],"a":1}',
      'flat.ome.tiff': 'abXd!',
      'said.txt': 'done\nexit 4\n',
      'heat.png': '',
    });
    expect(await differences(one, two)).toEqual([
      'flat.ome.tiff: 4 bytes here, 5 there, apart from byte 2 on',
      'heat.png: only there',
      'map.json.planes.1: 2 here, 3 there',
      'said.txt:2: "exit 0" here, "exit 4" there',
    ]);
    const [ordered, other] = [
      await outcome({ 'a.json': '{"a":1,"b":2}' }),
      await outcome({ 'a.json': '{"b":2,"a":1}' }),
    ];
    expect(await differences(ordered, other)).toEqual(['a.json: fields, or their order']);
  });
});
