// The built-in texture: a Papanicolaou smear out of nothing. Squamous cells, sheets of glandular ones, white blood cells, debris.
import { drawGlandCell, drawGlandSheet } from './cells/gland-cells.js';
import { drawDebris, drawWhiteBloodCell } from './cells/small-things.js';
import { drawSquamousCell } from './cells/squamous-cell.js';
import { type Population, scatter } from './scatter.js';
import type { Texture } from './texture.js';

/** 90 sprites. Habitats of the central kinds leave no gap, so that every sheet has something in its centre. */
const smear: readonly Population[] = [
  {
    name: 'squamous cell',
    draw: drawSquamousCell,
    sprites: 28,
    reach: 92,
    spacing: 92,
    share: 0.9,
    habitat: [-1, 0.12],
    central: true,
  },
  {
    name: 'gland sheet',
    draw: drawGlandSheet,
    sprites: 16,
    reach: 102,
    spacing: 84,
    share: 0.95,
    habitat: [0.12, 0.56],
    central: true,
  },
  {
    name: 'gland cell',
    draw: drawGlandCell,
    sprites: 12,
    reach: 30,
    spacing: 58,
    share: 0.3,
    habitat: [0, 1],
    central: false,
  },
  {
    name: 'white blood cell',
    draw: drawWhiteBloodCell,
    sprites: 12,
    reach: 22,
    spacing: 34,
    share: 0.7,
    habitat: [0.56, 1],
    central: true,
  },
  {
    name: 'stray white blood cell',
    draw: drawWhiteBloodCell,
    sprites: 6,
    reach: 22,
    spacing: 66,
    share: 0.2,
    habitat: [-1, 0.56],
    central: false,
  },
  {
    name: 'debris',
    draw: drawDebris,
    sprites: 16,
    reach: 19,
    spacing: 74,
    share: 0.16,
    habitat: [-1, 1],
    central: false,
  },
];

/**
 * What the specimen is made of where no pictures are given. The cells are the same for every slide, so that they are drawn
 * once; a slide's seed says which lies where. Memory grows to about 60 MB as cells and blurs are used.
 */
export const cellTexture: Texture = scatter(smear, true);
