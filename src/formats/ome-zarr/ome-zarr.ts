// OME-Zarr metadata (OME-NGFF 0.4 in `.zattrs`, 0.5 in `zarr.json`), read: the parts that say where levels, planes and channels are.
import { SlideError } from '../../errors.js';
import { micrometresPer } from '../../slide/length-unit.js';
import { type Json, listOf, objectOf, parseJson, textOf } from '../../system/json-value.js';

export type ZarrVersion = '0.4' | '0.5';

export type OmeZarrAxis = 't' | 'c' | 'z' | 'y' | 'x';

/** A level of the image. */
export type OmeZarrDataset = {
  /** Where its array lies, relative to the image. */
  readonly path: string;
  /** Per axis: how far apart its samples are, and where the first is, in the units of the axes. */
  readonly scale: readonly number[];
  readonly translation: readonly number[];
};

export type OmeZarrChannel = {
  readonly label: string | undefined;
  /** Six hexadecimal digits, in capitals. */
  readonly colour: string | undefined;
};

export type OmeZarrImage = {
  readonly version: ZarrVersion;
  readonly name: string | undefined;
  readonly axes: readonly OmeZarrAxis[];
  /** Micrometres in the unit of each axis; undefined where it has none, or one that is no length. */
  readonly micrometres: readonly (number | undefined)[];
  /** What a person should know of how it was read. */
  readonly notes: readonly string[];
  /** Finest first. */
  readonly datasets: readonly OmeZarrDataset[];
  readonly channels: readonly OmeZarrChannel[];
};

/** What lies in a group: an image, or images further down (the layout of bioformats2raw), or neither. */
export type OmeZarrGroup =
  | { readonly kind: 'image'; readonly image: OmeZarrImage }
  | { readonly kind: 'collection' }
  | { readonly kind: 'plate' };

const maxLevels = 64;

/** The attributes of a group, from the text of its `.zattrs` or `zarr.json`; undefined where they are none of OME's. */
export function parseOmeZarr(text: string, file: string): OmeZarrGroup | undefined {
  const document = objectOf(parseJson(text, file, 'its metadata'));
  const v3 = document?.zarr_format === 3;
  const attributes = v3 ? objectOf(objectOf(document.attributes)?.ome) : document;
  if (!attributes) return undefined;
  if (attributes.plate !== undefined || attributes.well !== undefined) return { kind: 'plate' };
  const [multiscale] = listOf(attributes.multiscales).map(objectOf);
  if (!multiscale) return attributes['bioformats2raw.layout'] === undefined ? undefined : { kind: 'collection' };
  const found = textOf(v3 ? attributes.version : multiscale.version) ?? (v3 ? '0.5' : '0.4');
  const version = v3 ? '0.5' : '0.4';
  if (found !== version) {
    const hint = 'zflat reads versions 0.4 and 0.5; convert it, for example with bioformats2raw';
    throw new SlideError('unsupported', `is OME-Zarr of version ${found}`, { file, hint });
  }
  return { kind: 'image', image: parseImage(multiscale, attributes, version, file) };
}

function parseImage(multiscale: Json, attributes: Json, version: ZarrVersion, file: string): OmeZarrImage {
  const contradictory = (problem: string) => new SlideError('contradictory', problem, { file });
  const described = listOf(multiscale.axes).map(objectOf);
  const axes = described.map((axis) => textOf(axis?.name)) as OmeZarrAxis[];
  const expected = ['t', 'c', 'z', 'y', 'x'].filter((name) => (axes as string[]).includes(name));
  if (axes.length === 0) throw contradictory('its multiscales have no axes');
  if (String(axes) !== String(expected) || !axes.includes('y') || !axes.includes('x')) {
    const hint = 'zflat reads images of axes t, c, z, y, x in this order, of which t, c and z may be missing';
    throw new SlideError('unsupported', `has axes ${axes.join(', ')}`, { file, hint });
  }
  const units = described.map((axis) => textOf(axis?.unit));
  const common = transformOf(multiscale.coordinateTransformations, axes.length);
  const datasets = listOf(multiscale.datasets).map((each) => {
    const dataset = objectOf(each);
    const path = textOf(dataset?.path);
    if (!path) throw contradictory('one of its datasets has no path');
    const own = transformOf(dataset?.coordinateTransformations, axes.length);
    if (!own || !common) throw contradictory(`dataset ${path} has no usable coordinateTransformations`);
    const scale = own.scale.map((factor, axis) => factor * common.scale[axis]);
    const translation = own.translation.map((offset, axis) => offset * common.scale[axis] + common.translation[axis]);
    return { path, scale, translation };
  });
  if (datasets.length === 0) throw contradictory('its multiscales have no datasets');
  if (datasets.length > maxLevels) throw contradictory(`has ${datasets.length} levels`);
  return {
    version,
    name: textOf(multiscale.name),
    axes,
    micrometres: units.map((unit) => (unit === undefined ? undefined : micrometresPer(unit) || undefined)),
    notes: axes.flatMap((axis, i) => unitNote(axis, units[i])),
    datasets,
    channels: listOf(objectOf(attributes.omero)?.channels).map((each) => {
      const channel = objectOf(each);
      return { label: textOf(channel?.label), colour: textOf(channel?.color)?.replace('#', '').toUpperCase() };
    }),
  };
}

/** Lengths in a unit that is not understood are as good as unknown: that is said. */
function unitNote(axis: OmeZarrAxis, unit: string | undefined): string[] {
  if (!['x', 'y', 'z'].includes(axis) || unit === undefined || micrometresPer(unit) !== undefined) return [];
  const lost = axis === 'z' ? 'heights are not known' : 'the size of a pixel is not known';
  return [`axis ${axis} is in "${unit}", a unit that is not known: ${lost}`];
}

/** Scale and translation together; undefined where they are of another kind or length. */
function transformOf(value: unknown, rank: number): { scale: number[]; translation: number[] } | undefined {
  const transform = { scale: Array<number>(rank).fill(1), translation: Array<number>(rank).fill(0) };
  for (const each of listOf(value).map(objectOf)) {
    const type = each?.type;
    if (type === 'identity') continue;
    if (type !== 'scale' && type !== 'translation') return undefined;
    const numbers = listOf(each?.[type]);
    if (numbers.length !== rank || !numbers.every((number) => Number.isFinite(number))) return undefined;
    transform[type] = numbers as number[];
  }
  return transform;
}
