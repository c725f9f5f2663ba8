// What Leica writes into the image description of an SCN file: scanned areas, and which directory holds which level, plane and channel
// of each (namespaces http://www.leica-microsystems.com/scn/2010/03/10 and 2010/10/01).
import { SlideError } from '../../errors.js';
import { maxPlanes } from '../../slide/focal-planes.js';
import { parseXml } from '../../system/xml-parser.js';

/** One image of an area: indices from 0, `ifd` in the main chain of directories. */
export type LeicaDimension = {
  readonly level: number;
  readonly plane: number;
  readonly channel: number;
  readonly ifd: number;
};

export type LeicaArea = {
  /** Whether it is the overview of the whole glass. */
  readonly macro: boolean;
  readonly name: string | undefined;
  readonly width: number;
  readonly height: number;
  readonly sizeZ: number;
  readonly dimensions: readonly LeicaDimension[];
  /** Size of the area, and the distance of planes, in nanometres; undefined where not said. */
  readonly widthNm: number | undefined;
  readonly spacingZNm: number | undefined;
  readonly magnification: number | undefined;
  readonly created: string | undefined;
};

type Element = Record<string, unknown>;

const lists = new Set(['image', 'dimension']);

/** The areas of a description; `damaged` where it is no well-formed XML, or contradicts itself. */
export function parseLeica(xml: string, file: string): LeicaArea[] {
  const damaged = (problem: string, cause?: unknown) => new SlideError('damaged', problem, { file, cause });
  let collection: Element;
  try {
    collection = element(element(parseXml(xml, { lists }), 'scn'), 'collection');
  } catch (cause) {
    throw damaged(`its SCN description can't be read: ${(cause as Error).message}`, cause);
  }
  const contradictory = (problem: string) => new SlideError('contradictory', problem, { file });
  const images = collection.image;
  if (!Array.isArray(images)) throw contradictory('its SCN description lists no image');
  return images.map((image: unknown) => {
    const pixels = element(image, 'pixels');
    const view = element(image, 'view');
    const listed = Array.isArray(pixels.dimension) ? pixels.dimension : [];
    const dimensions = listed.map((dimension: Element) => ({
      level: whole(dimension.r) ?? 0,
      plane: whole(dimension.z) ?? 0,
      channel: whole(dimension.c) ?? 0,
      ifd: whole(dimension.ifd) ?? -1,
    }));
    const sizeZ = Math.max(whole(pixels.sizeZ) ?? 1, ...dimensions.map(({ plane }) => plane + 1));
    if (sizeZ > maxPlanes) throw contradictory(`its SCN description tells of ${sizeZ} planes`);
    const settings = element(image, 'scanSettings');
    return {
      macro: isMacro(view, collection),
      name: textOf(image, 'name'),
      width: whole(pixels.sizeX) ?? 0,
      height: whole(pixels.sizeY) ?? 0,
      sizeZ,
      dimensions,
      widthNm: positive(view.sizeX),
      spacingZNm: positive(view.spacingZ),
      magnification: positive(element(settings, 'objectiveSettings').objective),
      created: textOf(image, 'creationDate'),
    };
  });
}

/** The overview lies at 0, 0 and is as large as the glass. */
function isMacro(view: Element, collection: Element): boolean {
  const same = (name: string) => whole(view[name]) !== undefined && whole(view[name]) === whole(collection[name]);
  return (whole(view.offsetX) ?? 0) === 0 && (whole(view.offsetY) ?? 0) === 0 && same('sizeX') && same('sizeY');
}

function element(parent: unknown, name: string): Element {
  const found = typeof parent === 'object' && parent !== null ? (parent as Element)[name] : undefined;
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Element) : {};
}

function textOf(parent: unknown, name: string): string | undefined {
  const found = (parent as Element | undefined)?.[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function whole(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : undefined;
}

function positive(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return number > 0 && Number.isFinite(number) ? number : undefined;
}
