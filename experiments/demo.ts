// npm run demo: the main job from nothing. Makes a z-stacked slide, flattens it, holds it against its truth, proves the tiles, and
// says where everything is. It runs the same command line that a user would.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawBeforeAfter } from './harness/draw/before-after.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'dist', 'cli', 'main.js');
const folder = join(root, '.demo');
const slide = join(folder, 'smear.ome.tiff');
const flat = join(folder, 'flat.ome.tiff');
const blocks = join(folder, 'flat-by-block.ome.tiff');
const heatmap = join(folder, 'heatmap.png');
const blockHeatmap = join(folder, 'heatmap-by-block.png');

function zflat(...words: string[]): void {
  const shown = words.map((word) => (word.startsWith(folder) ? relative(root, word) : word));
  process.stdout.write(`\n$ zflat ${shown.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [command, ...words], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

mkdirSync(dirname(slide), { recursive: true });
zflat(
  'synth',
  '-o',
  slide,
  '--terrain',
  'gravel',
  '--planes',
  '7',
  '--width',
  '4096',
  '--height',
  '3072',
  '--clump-density',
  '2.5',
  '--seed',
  '7',
  '--force',
);
zflat('info', slide);
zflat(
  'flatten',
  slide,
  '-o',
  flat,
  '--grain',
  'tile',
  '--report',
  join(folder, 'report.html'),
  '--heatmap',
  heatmap,
  '--depth-map',
  join(folder, 'depth-map.json'),
  '--force',
);
zflat('verify', slide, flat);
zflat('flatten', slide, '-o', blocks, '--heatmap', blockHeatmap, '--force');
zflat('verify', slide, blocks);
zflat('compare', slide, '-o', join(folder, 'compare.html'), '--force');

const picture = join(folder, 'picture.png');
const region = { left: 2480, top: 1500, width: 400, height: 400 };
await drawBeforeAfter(slide, 3, [flat, blocks], blockHeatmap, region, picture);

process.stdout.write(`
The z-stacked slide    ${relative(root, slide)}
The flattened slide    ${relative(root, flat)}
Report                 ${relative(root, join(folder, 'report.html'))}
Flattened by block     ${relative(root, blocks)}
Heatmaps               ${relative(root, heatmap)}, ${relative(root, blockHeatmap)}
Before and after       ${relative(root, picture)}
Depth map              ${relative(root, join(folder, 'depth-map.json'))}
Both methods compared  ${relative(root, join(folder, 'compare.html'))}
`);
