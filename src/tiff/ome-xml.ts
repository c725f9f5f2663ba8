// OME-XML, read: the parts of the OME data model (schema 2016-06) that say where planes are and what must survive.
import { SlideError } from '../errors.js';
import { micrometresPer } from '../slide/length-unit.js';
import type { Objective, SlideAnnotation } from '../slide/slide-info.js';
import { parseXml } from '../system/xml-parser.js';

/** A rule for which directories hold which planes (element TiffData). */
export type OmeTiffData = {
  readonly firstZ: number;
  readonly firstC: number;
  readonly firstT: number;
  /** Index in the main chain of directories. */
  readonly ifd: number;
  readonly planeCount: number;
  /** The file, where the set has several: name and `urn:uuid:…` as written; undefined for this file. */
  readonly fileName: string | undefined;
  readonly uuid: string | undefined;
};

export type OmeChannel = {
  readonly name: string | undefined;
  /** Undefined where the metadata does not say: then the directories do. */
  readonly samplesPerPixel: number | undefined;
};

export type OmePixels = {
  readonly dimensionOrder: string;
  readonly sizeX: number;
  readonly sizeY: number;
  readonly sizeZ: number;
  readonly sizeC: number;
  readonly sizeT: number;
  /** Micrometres; undefined where not given, or given in pixels. */
  readonly physicalSizeX: number | undefined;
  readonly physicalSizeY: number | undefined;
  readonly physicalSizeZ: number | undefined;
  readonly channels: readonly OmeChannel[];
  readonly tiffData: readonly OmeTiffData[];
  readonly positions: readonly { readonly z: number; readonly c: number; readonly t: number; readonly zUm: number }[];
  /** Lengths that are not understood. */
  readonly notes: readonly string[];
};

export type OmeImage = {
  readonly name: string | undefined;
  readonly pixels: OmePixels;
  readonly acquisitionDate: string | undefined;
  readonly objective: Objective | undefined;
};

export type OmeDocument = {
  readonly uuid: string | undefined;
  readonly images: readonly OmeImage[];
  /** Set where this file only points at the one that holds the metadata. */
  readonly metadataFile: string | undefined;
  /** The UUID of that file. */
  readonly metadataUuid: string | undefined;
  /** Key and value of every map annotation, and the text of every comment annotation, by its namespace. */
  readonly annotations: readonly SlideAnnotation[];
};

type Element = Record<string, unknown>;

/** Planes x channels x timepoints: more than any slide has. */
const maxTiffPlanes = 1_000_000;

const lists = new Set([
  'Image',
  'Channel',
  'TiffData',
  'Plane',
  'Instrument',
  'Objective',
  'MapAnnotation',
  'CommentAnnotation',
  'M',
]);

/** Parses OME-XML; `damaged` where it is no well-formed OME-XML. */
export function parseOmeXml(xml: string, file: string): OmeDocument {
  let root: Element | undefined;
  try {
    root = (parseXml(xml, { lists }) as { OME?: Element }).OME;
  } catch (cause) {
    throw new SlideError('damaged', `its OME-XML can't be read: ${(cause as Error).message}`, { file, cause });
  }
  if (typeof root !== 'object') throw new SlideError('contradictory', 'its OME-XML has no element OME', { file });
  const binaryOnly = root.BinaryOnly as Element | undefined;
  const objectives = children(root, 'Instrument').flatMap((instrument) => children(instrument, 'Objective'));
  return {
    uuid: text(root.UUID),
    images: children(root, 'Image').map((image) => readImage(image, objectives, file)),
    metadataFile: text(binaryOnly?.MetadataFile),
    metadataUuid: text(binaryOnly?.UUID),
    annotations: readAnnotations(root),
  };
}

function readImage(image: Element, objectives: readonly Element[], file: string): OmeImage {
  const pixels = image.Pixels as Element | undefined;
  if (!pixels) throw new SlideError('contradictory', 'an Image of its OME-XML has no Pixels', { file });
  const reference = text((image.ObjectiveSettings as Element | undefined)?.ID);
  const objective =
    objectives.find(({ ID }) => ID === reference) ?? (objectives.length === 1 ? objectives[0] : undefined);
  return {
    name: text(image.Name),
    pixels: readPixels(pixels, file),
    acquisitionDate: text(image.AcquisitionDate),
    objective: objective && {
      magnification: finite(objective.NominalMagnification),
      numericalAperture: finite(objective.LensNA),
      model: text(objective.Model),
    },
  };
}

function readPixels(pixels: Element, file: string): OmePixels {
  const size = (name: string): number => {
    const value = Number(pixels[name] ?? 1);
    if (Number.isInteger(value) && value > 0) return value;
    throw new SlideError('contradictory', `${name} of its OME-XML is "${pixels[name]}"`, { file });
  };
  const sizes = { sizeZ: size('SizeZ'), sizeC: size('SizeC'), sizeT: size('SizeT') };
  const planes = sizes.sizeZ * sizes.sizeC * sizes.sizeT;
  if (planes > maxTiffPlanes) throw new SlideError('contradictory', `its OME-XML tells of ${planes} planes`, { file });
  const channels = children(pixels, 'Channel').map((channel) => ({
    name: text(channel.Name),
    samplesPerPixel: finite(channel.SamplesPerPixel),
  }));
  // One of each attribute: a million planes may say the same.
  const notes = new Map<string, string>();
  const read = {
    dimensionOrder: text(pixels.DimensionOrder) ?? 'XYZCT',
    sizeX: size('SizeX'),
    sizeY: size('SizeY'),
    ...sizes,
    physicalSizeX: lengthUm(pixels, 'PhysicalSizeX', notes),
    physicalSizeY: lengthUm(pixels, 'PhysicalSizeY', notes),
    physicalSizeZ: lengthUm(pixels, 'PhysicalSizeZ', notes),
    channels,
    tiffData: tiffDataOf(pixels).map(readTiffData),
    positions: children(pixels, 'Plane').flatMap((plane) => {
      const zUm = lengthUm(plane, 'PositionZ', notes, true);
      const index = (name: string) => finite(plane[name]) ?? 0;
      return zUm === undefined ? [] : [{ z: index('TheZ'), c: index('TheC'), t: index('TheT'), zUm }];
    }),
  };
  return { ...read, notes: [...notes.values()] };
}

/** Without a rule, planes lie in the order of their numbers, as with a rule without attributes; MetadataOnly says there are none. */
function tiffDataOf(pixels: Element): Element[] {
  const rules = children(pixels, 'TiffData');
  return rules.length > 0 || pixels.MetadataOnly !== undefined ? rules : [{}];
}

function readTiffData(data: Element): OmeTiffData {
  const uuid = data.UUID as string | Element | undefined;
  const ifd = finite(data.IFD);
  return {
    firstZ: finite(data.FirstZ) ?? 0,
    firstC: finite(data.FirstC) ?? 0,
    firstT: finite(data.FirstT) ?? 0,
    ifd: ifd ?? 0,
    // Neither attribute: all planes from the first directory on. IFD alone: one plane.
    planeCount: finite(data.PlaneCount) ?? (ifd === undefined ? Number.POSITIVE_INFINITY : 1),
    fileName: typeof uuid === 'object' ? text(uuid.FileName) : undefined,
    uuid: typeof uuid === 'object' ? text(uuid['#text']) : text(uuid),
  };
}

function readAnnotations(root: Element): SlideAnnotation[] {
  const group = (root.StructuredAnnotations ?? {}) as Element;
  const maps = children(group, 'MapAnnotation').map((annotation) => {
    const entries = children((annotation.Value ?? {}) as Element, 'M');
    const value = new Map(entries.map((entry) => [text(entry.K) ?? '', text(entry['#text']) ?? '']));
    return { namespace: text(annotation.Namespace) ?? '', value };
  });
  const comments = children(group, 'CommentAnnotation').map((annotation) => ({
    namespace: text(annotation.Namespace) ?? '',
    value: text(annotation.Value) ?? '',
  }));
  return [...maps, ...comments];
}

/** A length attribute in micrometres, its unit beside it in `<name>Unit` (default µm); above 0 unless `signed`. */
function lengthUm(element: Element, name: string, notes: Map<string, string>, signed = false): number | undefined {
  const given = text(element[name]);
  if (given === undefined) return undefined;
  const unit = text(element[`${name}Unit`]) ?? 'µm';
  const [value, scale] = [finite(given), micrometresPer(unit)];
  if (value !== undefined && scale !== undefined) return scale > 0 && (signed || value > 0) ? value * scale : undefined;
  const problem =
    value === undefined ? `"${given}", which is no number` : `in "${unit}", a unit that zflat does not know`;
  if (!notes.has(name)) notes.set(name, `${name} is ${problem}: it is left out`);
  return undefined;
}

function children(element: Element, name: string): Element[] {
  const found = element[name];
  return (Array.isArray(found) ? found : []).map((child) => (typeof child === 'object' ? child : { '#text': child }));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function finite(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
