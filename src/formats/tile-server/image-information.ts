// What a IIIF image service says of itself (info.json of the Image API 2 and 3), and the requests for its tiles
// (iiif.io/api/image/2.1, section 4 and 5; 3.0, section 4 and 5).
import { SlideError } from '../../errors.js';
import type { Rect, Size } from '../../slide/geometry.js';
import { listOf, objectOf, parseJson, positiveOf, textOf, wholeOf } from '../../system/json-value.js';

export type IiifImage = Size & {
  readonly version: 2 | 3;
  /** Tiles of the finest level. */
  readonly tile: Size;
  /** How many times coarser its levels are, the finest, 1, first. */
  readonly scaleFactors: readonly number[];
  /** The server makes pictures of any width and height that are asked for: no rounding of its own is to be feared. */
  readonly exact: boolean;
  /** Its own name, for messages; undefined where it has none. */
  readonly id: string | undefined;
};

/** Tiles asked for of servers that make any, but name none. */
const chosenTile = 512;
const maxFactors = 64;

/** Reads an info.json; `damaged` where it is none, `unsupported` where it offers no tiles. */
export function parseIiif(text: string, file: string): IiifImage {
  const info = objectOf(parseJson(text, file, 'its image information'));
  const contexts = [info?.['@context']].flat().map(textOf);
  const number = contexts.map((each) => /iiif\.io\/api\/image\/(\d)\//.exec(each ?? '')?.[1]).find((found) => found);
  const version = Number(number);
  if (!info || number === undefined) {
    const hint = 'give the URL of a IIIF image service, or of its info.json';
    throw new SlideError('damaged', 'is no image information of IIIF', { file, hint });
  }
  if (version !== 2 && version !== 3) {
    const hint = 'zflat reads services of the IIIF Image API 2 and 3';
    throw new SlideError('unsupported', `is a IIIF service of version ${number}`, { file, hint });
  }
  const [width, height] = [wholeOf(info.width, 1), wholeOf(info.height, 1)];
  if (width === undefined || height === undefined) {
    const sizes = `${JSON.stringify(info.width)} x ${JSON.stringify(info.height)}`;
    throw new SlideError('damaged', `its image information tells of ${sizes} pixels`, { file });
  }
  const level = complianceOf(info.profile);
  const { tile, scaleFactors } = tilesOf(info, { width, height }, level, file);
  const id = textOf(version === 2 ? info['@id'] : info.id);
  return { width, height, version, tile, scaleFactors, exact: version === 3 || level === 2, id };
}

/** 0, 1 or 2: how much the service can do. */
function complianceOf(profile: unknown): number {
  const named = [profile].flat().map((each) => /level([012])(\.json)?$/.exec(textOf(each) ?? '')?.[1]);
  return Number(named.find((found) => found) ?? 0);
}

/** The service's own tiles; where it has none but makes any, squares, halved until one holds all. */
function tilesOf(info: Readonly<Record<string, unknown>>, image: Size, level: number, file: string) {
  const tiles = listOf(info.tiles).map(objectOf);
  const declared = tiles.find((each) => listOf(each?.scaleFactors).includes(1)) ?? tiles[0];
  if (!declared) {
    if (level > 0) return chosenTiles(info, image);
    const hint = 'zflat reads services that list tiles in their info.json, or are of compliance level 1 or 2';
    throw new SlideError('unsupported', 'the IIIF service offers no tiles', { file, hint });
  }
  const width = wholeOf(declared.width, 1);
  const height = wholeOf(declared.height ?? declared.width, 1);
  const factors = [...new Set(listOf(declared.scaleFactors).map((factor) => wholeOf(factor, 1)))];
  const scaleFactors = factors.filter((factor) => factor !== undefined).sort((a, b) => a - b);
  if (width === undefined || height === undefined || scaleFactors.length > maxFactors) {
    throw new SlideError('damaged', 'its image information describes no usable tiles', { file });
  }
  if (scaleFactors[0] !== 1) {
    const hint = 'zflat needs the tiles of the finest level';
    throw new SlideError('unsupported', `its tiles are of scale factors ${scaleFactors.join(', ')}`, { file, hint });
  }
  return { tile: { width, height }, scaleFactors };
}

function chosenTiles(info: Readonly<Record<string, unknown>>, image: Size) {
  const limits = [info, ...[info.profile].flat().map(objectOf)].flatMap((each) => [
    positiveOf(each?.maxWidth),
    positiveOf(each?.maxHeight ?? each?.maxWidth),
  ]);
  const most = Math.min(chosenTile, ...limits.map((limit) => limit ?? chosenTile));
  const side = Math.max(1, 2 ** Math.floor(Math.log2(most)));
  const scaleFactors = [1];
  for (let factor = 1; Math.max(image.width, image.height) > side * factor; scaleFactors.push(factor)) factor *= 2;
  return { tile: { width: side, height: side }, scaleFactors };
}

/** The path of a tile's picture below its service; `region` is in pixels of the finest level, `size` in those of the picture. */
export function tilePath({ width, height, version, exact }: IiifImage, region: Rect, size: Size): string {
  const whole = region.x === 0 && region.y === 0 && region.width === width && region.height === height;
  const part = whole ? 'full' : [region.x, region.y, region.width, region.height].join(',');
  // The canonical forms: services of files that were made beforehand have no other.
  const unscaled = size.width === width && size.height === height;
  const canonical = version === 3 ? `${size.width},${size.height}` : exact ? sizeOf(region, size) : `${size.width},`;
  const scale = unscaled ? (version === 3 ? 'max' : 'full') : canonical;
  return `${part}/${scale}/0/default.jpg`;
}

/** Width alone where the height follows from it whatever the rounding, else both. */
function sizeOf(region: Rect, { width, height }: Size): string {
  return width * region.height === height * region.width ? `${width},` : `${width},${height}`;
}
