// A plane of a tile service as tiles of a slide. JPEG tiles without overlap are kept byte for byte; those at the right and bottom edge,
// where they are smaller, are extended by whole blocks, their coefficients untouched. Tiles of other kinds: see retiled-plane.ts.
import { locating, SlideError, throwIfAborted } from '../../errors.js';
import { cutTiles } from '../../jpeg/cut-tiles.js';
import { parseJpegHeader } from '../../jpeg/header.js';
import { indexScan } from '../../jpeg/index-scan.js';
import { unreadableCoding } from '../../jpeg/scan-layout.js';
import { streamEncoding } from '../../jpeg/stream-encoding.js';
import type { TileEncoding } from '../../slide/encoded-tile.js';
import type { Size } from '../../slide/geometry.js';
import type { PlanePyramid } from '../plane-pyramid.js';
import { retiledPlane } from './retiled-plane.js';
import { type FetchedPicture, TileServerPictures, type TileServerSlide } from './tile-server-pictures.js';
import type { TileService } from './tile-service.js';

/** Tiles of a TIFF have no longer side here: a whole row of them is held. */
const longestTile = 4096;

/** Opens a plane by its first tile; `key` tells it from the others. */
export async function openTileServerPlane(
  service: TileService,
  slide: TileServerSlide,
  key: string,
): Promise<PlanePyramid> {
  const pictures = new TileServerPictures(service, slide);
  return locating({ file: service.file, level: 0, row: 0, column: 0 }, async () => {
    const { bytes, facts } = await pictures.fetch(0, 0, 0);
    const encoding = facts.kind === 'jpeg' ? streamEncoding(parseJpegHeader(bytes), service.tile) : undefined;
    return encoding && canBeKept(service, bytes) ? keptPlane(pictures, encoding) : retiledPlane(pictures, facts, key);
  });
}

/** Whether tiles like this one can stand in a TIFF as they are, and be extended without being decoded. */
function canBeKept({ tile, overlap }: TileService, stream: Uint8Array): boolean {
  const header = parseJpegHeader(stream);
  const divides = ({ width, height }: Size, x: number, y: number) => width % x === 0 && height % y === 0;
  return (
    overlap === 0 &&
    Math.max(tile.width, tile.height) <= longestTile &&
    divides(tile, 16, 16) &&
    divides(tile, header.mcuWidth, header.mcuHeight) &&
    unreadableCoding(header) === undefined
  );
}

function keptPlane(pictures: TileServerPictures, encoding: TileEncoding): PlanePyramid {
  const { file } = pictures.service;
  return {
    ...pictures.planeFacts(encoding),
    retiled: undefined,
    readTile: async (level, row, column, signal) => {
      throwIfAborted(signal);
      return locating({ file }, async () => {
        const picture = await pictures.fetch(level, row, column, signal);
        checkAlike(encoding, picture);
        return { bytes: wholeTile(picture.bytes, encoding), encoding };
      });
    },
  };
}

/** All tiles of a level of a TIFF are stored alike. */
function checkAlike(first: TileEncoding, { bytes, facts }: FetchedPicture): void {
  const describe = ({ photometric, subsampling }: TileEncoding) =>
    `a JPEG, ${photometric}, chroma ${subsampling.join('x')}`;
  const other = facts.kind === 'jpeg' ? describe(streamEncoding(parseJpegHeader(bytes), first)) : 'a PNG';
  if (describe(first) === other) return;
  const hint = 'choose PNG for all tiles, where the server makes them';
  const problem = `is ${other}, where the first tile was ${describe(first)}`;
  throw new SlideError('unsupported', problem, { hint });
}

/** The tile in full size: beyond what it shows, blocks of the mean colour of its last ones. */
function wholeTile(bytes: Uint8Array, tile: Size): Uint8Array {
  const header = parseJpegHeader(bytes);
  if (header.width === tile.width && header.height === tile.height) return bytes;
  return cutTiles({ header, index: indexScan(bytes, header) }, tile).tile(0, 0);
}
