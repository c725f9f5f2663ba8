// The layers of an image: what its frames show of one focal plane through one optical path. An image is one instance, or the parts of
// a concatenation.
import { SlideError } from '../../errors.js';
import { roundUm } from '../../slide/focal-planes.js';
import { layTileGrid, type TileGrid, tileCount, tileIndex } from '../../slide/tile-grid.js';
import type { WsiInstance } from './wsi-instance.js';

export type WsiImage = {
  /** In the order of their frames; the first stands for the image where they agree. */
  readonly parts: readonly WsiInstance[];
  readonly grid: TileGrid;
  readonly frameCount: number;
};

export type WsiLayer = {
  readonly image: WsiImage;
  /** Height in micrometres; undefined where the image does not say. */
  readonly zUm: number | undefined;
  /** Identifier of the optical path. */
  readonly path: string;
  /** The frame of a tile, counted over all parts; undefined where there is none. */
  readonly frameOf: (tile: number) => number | undefined;
};

/** Heights and paths of a sparse image: more is no stack of planes, but a surface that the focus follows. */
const maxLayers = 512;

/** A sparse image may lack tiles: this many times as many as it has, and a million. */
const maxGapsPerFrame = 100;
const someTiles = 1_000_000;

/** Puts concatenations together (PS3.3, C.7.6.16.2.2.4); `damaged` where a part is missing. */
export function joinConcatenations(instances: readonly WsiInstance[]): WsiImage[] {
  const groups = new Map<string, WsiInstance[]>();
  for (const instance of instances) {
    const key = instance.concatenation ? `concatenation ${instance.concatenation.uid}` : instance.file;
    groups.set(key, [...(groups.get(key) ?? []), instance]);
  }
  return [...groups.values()].map(joinParts);
}

function joinParts(instances: readonly WsiInstance[]): WsiImage {
  const number = ({ concatenation }: WsiInstance) => concatenation?.number ?? 1;
  const parts = [...instances].sort((a, b) => number(a) - number(b));
  const [first] = parts;
  const total = first.concatenation ? (first.concatenation.total ?? Math.max(...parts.map(number))) : 1;
  const missing = parts.findIndex((part, index) => number(part) !== index + 1);
  if (first.concatenation && (missing >= 0 || parts.length !== total)) {
    const which = missing >= 0 ? missing + 1 : parts.length + 1;
    const problem = `is part of an image in ${total} files, of which part ${which} is missing or there twice`;
    throw new SlideError('damaged', problem, { file: first.file, hint: 'put all files of the series together' });
  }
  const other = parts.find(
    ({ matrix, tile }) => String(sides(matrix, tile)) !== String(sides(first.matrix, first.tile)),
  );
  if (other) {
    throw new SlideError('contradictory', 'differs in size from the other parts of its concatenation', {
      file: other.file,
    });
  }
  return {
    parts,
    grid: layTileGrid(first.matrix, first.tile),
    frameCount: parts.reduce((sum, { frameCount }) => sum + frameCount, 0),
  };
}

function sides(...sizes: readonly { readonly width: number; readonly height: number }[]): number[] {
  return sizes.flatMap(({ width, height }) => [width, height]);
}

/** The layers of an image; `damaged` or `unsupported` where its frames are not tiles of a grid, each at most once. */
export function layersOf(image: WsiImage): WsiLayer[] {
  return image.parts[0].full ? fullLayers(image) : sparseLayers(image);
}

/**
 * PS3.3, C.7.6.17.3: columns change fastest, then rows, focal planes from the glass upwards, optical paths. Some writers make an
 * instance of each plane and say in each how many planes there are in all: frames for one plane are those of one.
 */
function fullLayers(image: WsiImage): WsiLayer[] {
  const { parts, grid, frameCount } = image;
  const [{ focalPlanes, opticalPathCount: paths, zUm, zStepUm, file }] = parts;
  const tiles = tileCount(grid);
  const planes =
    frameCount === tiles * paths ? 1 : (focalPlanes ?? Math.max(1, Math.floor(frameCount / (tiles * paths))));
  if (tiles * planes * paths !== frameCount) {
    const matrix = `${grid.columns} x ${grid.rows} tiles`;
    const expected = `${planes} focal planes and ${paths} optical paths of ${matrix} are ${tiles * planes * paths} frames`;
    throw new SlideError('contradictory', `${expected}, it has ${frameCount}`, { file });
  }
  const heightOf = (plane: number, first: number) => {
    const own = positionAt(image, first)?.zUm;
    if (own !== undefined && !Number.isNaN(own)) return roundUm(own);
    if (planes === 1) return zUm === undefined ? undefined : roundUm(zUm);
    return zStepUm === undefined ? undefined : roundUm((zUm ?? 0) + plane * zStepUm);
  };
  return Array.from({ length: paths * planes }, (_, layer) => {
    const first = layer * tiles;
    const path = pathIdentifier(parts[0], Math.floor(layer / planes));
    return { image, path, zUm: heightOf(layer % planes, first), frameOf: (tile: number) => first + tile };
  });
}

/** Planes that a layer's series should have, by the image of this layer alone; undefined where that does not say. */
export function planesTold({ image: { parts, grid, frameCount } }: WsiLayer): number | undefined {
  const [{ full, focalPlanes, opticalPathCount }] = parts;
  return full && frameCount === tileCount(grid) * opticalPathCount ? focalPlanes : undefined;
}

/** The identifier of an optical path, or its number where the image describes none. */
function pathIdentifier({ opticalPaths }: WsiInstance, index: number): string {
  return opticalPaths[index]?.identifier ?? String(index);
}

/** What a frame says of its place, where the image has such words for every frame. */
function positionAt({ parts }: WsiImage, frame: number) {
  let first = 0;
  for (const { positions, frameCount } of parts) {
    if (frame < first + frameCount) return positions.count === frameCount ? positions.at(frame - first) : undefined;
    first += frameCount;
  }
  return undefined;
}

/** Every frame says where it lies. */
function sparseLayers(image: WsiImage): WsiLayer[] {
  const { parts, grid, frameCount } = image;
  const layers = new Map<string, { path: string; zUm: number | undefined; frames: Map<number, number> }>();
  let first = 0;
  for (const part of parts) {
    const { positions, file, tile } = part;
    if (positions.count !== part.frameCount) {
      const problem = `has ${part.frameCount} frames, and says of ${positions.count} where they lie`;
      throw new SlideError('contradictory', problem, { file });
    }
    for (let frame = 0; frame < part.frameCount; frame++) {
      const { x, y, zUm: own, path: identifier } = positions.at(frame);
      const [column, row] = [x / tile.width, y / tile.height];
      checkPlace(part, grid, frame, column, row);
      const zUm = Number.isNaN(own) ? part.zUm : own;
      const path = identifier === '' ? pathIdentifier(part, 0) : identifier;
      const rounded = zUm === undefined ? undefined : roundUm(zUm);
      const key = `${path} ${rounded}`;
      const layer = layers.get(key) ?? { path, zUm: rounded, frames: new Map() };
      layers.set(key, layer);
      const tileNumber = tileIndex(grid, row, column);
      const twin = layer.frames.get(tileNumber);
      if (twin !== undefined) {
        const problem = `frames ${twin + 1} and ${first + frame + 1} show the same tile of the same plane`;
        throw new SlideError('unsupported', problem, {
          file,
          row,
          column,
          hint: 'zflat reads tiles that do not overlap',
        });
      }
      layer.frames.set(tileNumber, first + frame);
      if (layers.size > maxLayers) {
        const hint = 'zflat reads planes of one height; this image seems to follow the surface of the specimen';
        throw new SlideError('unsupported', `its frames lie at more than ${maxLayers} heights`, { file, hint });
      }
    }
    first += part.frameCount;
  }
  const tiles = tileCount(grid) * layers.size;
  if (tiles > maxGapsPerFrame * frameCount + someTiles) {
    const [{ file }] = parts;
    throw new SlideError('contradictory', `tells of ${tiles} tiles, but has ${frameCount} frames`, { file });
  }
  return [...layers.values()].map(({ path, zUm, frames }) => ({
    image,
    path,
    zUm,
    frameOf: (tile) => frames.get(tile),
  }));
}

function checkPlace({ file, tile }: WsiInstance, grid: TileGrid, frame: number, column: number, row: number): void {
  const [x, y] = [column * tile.width + 1, row * tile.height + 1];
  if (Number.isNaN(x) || Number.isNaN(y)) {
    throw new SlideError('contradictory', `does not say where frame ${frame + 1} lies`, { file });
  }
  if (column < 0 || row < 0 || column >= grid.columns || row >= grid.rows) {
    const problem = `frame ${frame + 1} lies at column ${x}, row ${y}, outside the ${grid.width} x ${grid.height} pixels`;
    throw new SlideError('contradictory', problem, { file });
  }
  if (Number.isInteger(column) && Number.isInteger(row)) return;
  const problem = `frame ${frame + 1} starts at column ${x}, row ${y}, on no border of ${tile.width} x ${tile.height} tiles`;
  const hint = 'zflat reads tiles that lie side by side; stitch the image with the software of the scanner';
  throw new SlideError('unsupported', problem, { file, hint });
}
