// A list of planes (*.json): which Deep Zoom image or IIIF service shows which plane, for neither says that it is one of a stack.
//
//   {"planes": [{"zUm": 0, "deepZoom": "p0.dzi"}, {"zUm": 1.5, "deepZoom": "https://host/p1.dzi"}], "micronsPerPixel": 0.25}
//   {"planes": [{"zUm": 0, "iiif": "https://host/iiif/p0"}, …], "name": "smear 12"}
import { SlideError } from '../../errors.js';
import { maxPlanes } from '../../slide/focal-planes.js';
import type { MicronsPerPixel } from '../../slide/geometry.js';
import { type Json, listOf, objectOf, parseJson, positiveOf, textOf } from '../../system/json-value.js';

export type ListedPlane = {
  readonly kind: 'deepZoom' | 'iiif';
  /** As it stands there: a URL, or a path relative to the list. */
  readonly location: string;
  readonly zUm: number | undefined;
};

export type PlaneList = {
  /** As listed, from the lowest up if they have heights. */
  readonly planes: readonly ListedPlane[];
  readonly name: string | undefined;
  readonly micronsPerPixel: MicronsPerPixel | undefined;
};

const example = 'write it as {"planes": [{"zUm": 0, "deepZoom": "https://host/p0.dzi"}, …]}, or "iiif" for "deepZoom"';

/** Reads a list; `usage`, saying what is wrong with which plane, where it can't be understood. */
export function parsePlaneList(text: string, file: string): PlaneList {
  const refuse = (problem: string) => new SlideError('usage', problem, { file, hint: example });
  const document = objectOf(parseJson(text, file, 'the list of planes'));
  if (!document || !Array.isArray(document.planes)) throw refuse('lists no planes');
  const unknown = Object.keys(document).find((key) => !['planes', 'name', 'micronsPerPixel'].includes(key));
  if (unknown !== undefined) throw refuse(`has an entry "${unknown}" that is not known`);
  const listed = listOf(document.planes);
  if (listed.length === 0 || listed.length > maxPlanes) throw refuse(`lists ${listed.length} planes`);
  const planes = listed.map((each, index) => listedPlane(objectOf(each), index, refuse));
  const withHeight = planes.filter(({ zUm }) => zUm !== undefined).length;
  if (withHeight > 0 && withHeight < planes.length) {
    throw refuse(`gives zUm of ${withHeight} of its ${planes.length} planes`);
  }
  const twice = planes.find((plane, i) => planes.findIndex(({ zUm }) => zUm !== undefined && zUm === plane.zUm) < i);
  if (withHeight > 0 && twice) throw refuse(`lists two planes at ${twice.zUm} µm`);
  const sorted = withHeight > 0 ? [...planes].sort((a, b) => (a.zUm as number) - (b.zUm as number)) : planes;
  return { planes: sorted, name: textOf(document.name), micronsPerPixel: pixelSize(document, refuse) };
}

function listedPlane(plane: Json | undefined, index: number, refuse: (problem: string) => SlideError): ListedPlane {
  const [deepZoom, iiif] = [textOf(plane?.deepZoom), textOf(plane?.iiif)];
  const location = deepZoom ?? iiif;
  if (!plane || location === undefined || (deepZoom !== undefined && iiif !== undefined)) {
    throw refuse(`plane ${index} names no Deep Zoom image and no IIIF service, or both`);
  }
  const unknown = Object.keys(plane).find((key) => !['zUm', 'deepZoom', 'iiif'].includes(key));
  if (unknown !== undefined) throw refuse(`plane ${index} has an entry "${unknown}" that is not known`);
  const { zUm } = plane;
  if (zUm !== undefined && !(typeof zUm === 'number' && Number.isFinite(zUm))) {
    throw refuse(`plane ${index} is at ${JSON.stringify(zUm)} µm`);
  }
  return { kind: deepZoom === undefined ? 'iiif' : 'deepZoom', location, zUm };
}

function pixelSize(
  { micronsPerPixel: given }: Json,
  refuse: (problem: string) => SlideError,
): MicronsPerPixel | undefined {
  if (given === undefined) return undefined;
  const [x, y] = [positiveOf(objectOf(given)?.x ?? given), positiveOf(objectOf(given)?.y ?? given)];
  if (x === undefined || y === undefined) throw refuse(`its micronsPerPixel is ${JSON.stringify(given)}`);
  return { x, y };
}
