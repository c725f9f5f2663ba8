// What the XML of a CZI file says of scaling, planes, channels, scenes and the objective (ImageDocument/Metadata).
import { SlideError } from '../../errors.js';
import { parseXml } from '../../system/xml-parser.js';

export type CziMetadata = {
  /** Micrometres per pixel, and between planes; undefined where not said. */
  readonly xUm: number | undefined;
  readonly yUm: number | undefined;
  readonly zUm: number | undefined;
  /** The height of a plane in micrometres by its index along Z; undefined where not said. */
  readonly heightUm: (z: number) => number | undefined;
  readonly sizeZ: number | undefined;
  /** Names by index; empty where a channel or scene has none. */
  readonly channels: readonly string[];
  readonly scenes: ReadonlyMap<number, string>;
  readonly objective: { readonly magnification?: number; readonly numericalAperture?: number; readonly model?: string };
  readonly acquired: string | undefined;
};

type Element = Readonly<Record<string, unknown>>;

/** Lists even where one is in them. */
const lists = new Set(['Channel', 'Scene', 'Distance', 'Objective']);
/** What fills most of it and is of no use here. */
const unused = ['CustomAttributes', 'Experiment', 'HardwareSetting', 'DisplaySetting', 'Layers', 'ImageScaling'];
const skipped = new Set(unused.map((name) => `Metadata/${name}`));

/** Reads the XML; `damaged` where it is not well formed. */
export function parseCziMetadata(xml: string, file: string): CziMetadata {
  let metadata: Element;
  try {
    metadata = at(
      parseXml(xml.replace(/\0+$/, ''), { lists, skipped, attributePrefix: '@' }),
      'ImageDocument',
      'Metadata',
    );
  } catch (cause) {
    throw new SlideError('damaged', `its metadata can't be read: ${(cause as Error).message}`, { file, cause });
  }
  const image = at(metadata, 'Information', 'Image');
  const z = at(image, 'Dimensions', 'Z');
  const distance = (axis: string) => {
    const found = list(at(metadata, 'Scaling', 'Items').Distance).find((each) => each['@Id'] === axis);
    const metres = number(found?.Value);
    return metres !== undefined && metres > 0 ? metres * 1e6 : undefined;
  };
  return {
    xUm: distance('X'),
    yUm: distance('Y'),
    zUm: distance('Z'),
    heightUm: heights(z, distance('Z')),
    sizeZ: number(image.SizeZ),
    channels: list(at(image, 'Dimensions', 'Channels').Channel).map((channel) => text(channel['@Name']) ?? ''),
    scenes: new Map(
      list(at(image, 'Dimensions', 'S', 'Scenes').Scene).flatMap((scene, index): [number, string][] => {
        const name = text(scene['@Name']);
        return name === undefined ? [] : [[number(scene['@Index']) ?? index, name]];
      }),
    ),
    objective: objectiveOf(metadata, image),
    acquired: text(image.AcquisitionDateAndTime) ?? text(at(metadata, 'Information', 'Document').CreationDate),
  };
}

/** Focus positions where they are listed or at even distances, else multiples of the scaling along Z. */
function heights(z: Element, scalingUm: number | undefined): (z: number) => number | undefined {
  const from = number(z.StartPosition) ?? 0;
  const positions = at(z, 'Positions');
  const start = number(at(positions, 'Interval').Start);
  const increment = number(at(positions, 'Interval').Increment);
  if (increment !== undefined && increment !== 0) return (plane) => from + (start ?? 0) + plane * increment;
  const offsets = (text(at(positions, 'List').Offsets) ?? '').split(/\s+/).filter(Boolean).map(Number);
  const listed = offsets.length > 1 && offsets.every(Number.isFinite) && new Set(offsets).size === offsets.length;
  if (listed) return (plane) => (plane in offsets ? from + offsets[plane] : undefined);
  return (plane) => (scalingUm === undefined ? undefined : plane * scalingUm);
}

function objectiveOf(metadata: Element, image: Element): CziMetadata['objective'] {
  const objectives = list(at(metadata, 'Information', 'Instrument', 'Objectives').Objective);
  const used = at(image, 'ObjectiveSettings', 'ObjectiveRef')['@Id'];
  const objective = objectives.find((each) => each['@Id'] === used) ?? objectives[0];
  if (!objective) {
    const model = text(at(metadata, 'Scaling', 'AutoScaling').ObjectiveName);
    return model === undefined ? {} : { model };
  }
  const magnification = number(objective.NominalMagnification);
  const numericalAperture = number(objective.LensNA);
  const model = text(objective['@Name']) ?? text(at(objective, 'Manufacturer').Model);
  return {
    ...(magnification !== undefined && { magnification }),
    ...(numericalAperture !== undefined && { numericalAperture }),
    ...(model !== undefined && { model }),
  };
}

/** The element down a path; an empty one where there is none. */
function at(element: unknown, ...path: string[]): Element {
  let found = element;
  for (const name of path) found = isElement(found) ? found[name] : undefined;
  return isElement(found) ? found : {};
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly Element[] {
  return Array.isArray(value) ? value.filter(isElement) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function number(value: unknown): number | undefined {
  const found = text(value);
  return found !== undefined && Number.isFinite(Number(found)) ? Number(found) : undefined;
}
