// OME-XML, written: schema 2016-06, elements in the order it asks for.
import type { MicronsPerPixel, Size } from '../slide/geometry.js';
import type { PixelFormat } from '../slide/raster.js';
import type { Objective } from '../slide/slide-info.js';

export type OmeImageDraft = Size & {
  readonly name: string;
  readonly pixel: PixelFormat;
  /** How many planes, in directories `firstDirectory` and on of the main chain. */
  readonly planes: number;
  readonly firstDirectory: number;
  readonly micronsPerPixel?: MicronsPerPixel | undefined;
  /** Height of each plane in micrometres; undefined where unknown. */
  readonly zUm?: readonly number[] | undefined;
  readonly channelName?: string | undefined;
  readonly acquisitionDate?: string | undefined;
  readonly objective?: Objective | undefined;
};

export type OmeAnnotationDraft = {
  readonly namespace: string;
  readonly value: string | Readonly<Record<string, string>>;
};

export type OmeDraft = {
  readonly creator: string;
  /** The slide first, then labels and the like. */
  readonly images: readonly OmeImageDraft[];
  /** Of the slide. */
  readonly annotations: readonly OmeAnnotationDraft[];
};

const schema = 'http://www.openmicroscopy.org/Schemas/OME/2016-06';

/** The document as text. */
export function writeOmeXml({ creator, images, annotations }: OmeDraft): string {
  const location = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${schema} ${schema}/ome.xsd"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<OME xmlns="${schema}" ${location}${attributes({ Creator: creator })}>`,
    ...images.map(({ objective }, index) => instrument(objective, index)),
    ...images.map((image, index) => imageElement(image, index, index === 0 ? annotations.length : 0)),
    annotations.length > 0
      ? `<StructuredAnnotations>${annotations.map(annotation).join('')}</StructuredAnnotations>`
      : '',
    '</OME>',
  ].join('');
}

function instrument(objective: Objective | undefined, index: number): string {
  if (!objective) return '';
  const { magnification, numericalAperture, model } = objective;
  const facts = {
    ID: `Objective:${index}:0`,
    Model: model,
    NominalMagnification: magnification,
    LensNA: numericalAperture,
  };
  return `<Instrument ID="Instrument:${index}"><Objective${attributes(facts)}/></Instrument>`;
}

function imageElement(image: OmeImageDraft, index: number, annotationCount: number): string {
  const references = Array.from({ length: annotationCount }, (_, i) => `<AnnotationRef ID="Annotation:${i}"/>`);
  return [
    `<Image${attributes({ ID: `Image:${index}`, Name: image.name })}>`,
    image.acquisitionDate ? `<AcquisitionDate>${escapeXml(image.acquisitionDate)}</AcquisitionDate>` : '',
    image.objective ? `<InstrumentRef ID="Instrument:${index}"/><ObjectiveSettings ID="Objective:${index}:0"/>` : '',
    pixelsElement(image, index),
    ...references,
    '</Image>',
  ].join('');
}

function pixelsElement(image: OmeImageDraft, index: number): string {
  const { width, height, pixel, planes, firstDirectory, micronsPerPixel, zUm, channelName } = image;
  const facts = attributes({
    ID: `Pixels:${index}`,
    DimensionOrder: 'XYCZT',
    Type: pixel.sample,
    SignificantBits: pixel.sample.endsWith('16') ? 16 : 8,
    Interleaved: pixel.channels === 3 ? 'true' : undefined,
    BigEndian: 'false',
    SizeX: width,
    SizeY: height,
    SizeZ: planes,
    SizeC: pixel.channels,
    SizeT: 1,
    ...physicalSize('X', micronsPerPixel?.x),
    ...physicalSize('Y', micronsPerPixel?.y),
    ...physicalSize('Z', evenStep(zUm)),
  });
  const channel = attributes({ ID: `Channel:${index}:0`, Name: channelName, SamplesPerPixel: pixel.channels });
  const data = Array.from(
    { length: planes },
    (_, z) => `<TiffData${attributes({ FirstC: 0, FirstT: 0, FirstZ: z, IFD: firstDirectory + z, PlaneCount: 1 })}/>`,
  );
  const positions = planes > 1 ? (zUm ?? []) : [];
  const heights = positions.map(
    (um, z) => `<Plane${attributes({ TheC: 0, TheT: 0, TheZ: z, PositionZ: um, PositionZUnit: 'µm' })}/>`,
  );
  return `<Pixels${facts}><Channel${channel}/>${data.join('')}${heights.join('')}</Pixels>`;
}

function physicalSize(axis: 'X' | 'Y' | 'Z', um: number | undefined): Record<string, string | number | undefined> {
  return um === undefined ? {} : { [`PhysicalSize${axis}`]: um, [`PhysicalSize${axis}Unit`]: 'µm' };
}

/** The distance between planes, where it is the same for all. */
function evenStep(zUm: readonly number[] | undefined): number | undefined {
  if (!zUm || zUm.length < 2) return undefined;
  const step = (zUm[zUm.length - 1] - zUm[0]) / (zUm.length - 1);
  const even = zUm.every((um, plane) => Math.abs(um - zUm[0] - plane * step) < 1e-3 * step);
  return even ? Math.round(step * 1e6) / 1e6 : undefined;
}

function annotation({ namespace, value }: OmeAnnotationDraft, index: number): string {
  const facts = attributes({ ID: `Annotation:${index}`, Namespace: namespace });
  if (typeof value === 'string') {
    return `<CommentAnnotation${facts}><Value>${escapeXml(value)}</Value></CommentAnnotation>`;
  }
  const entries = Object.entries(value).map(([key, text]) => `<M K="${escapeXml(key)}">${escapeXml(text)}</M>`);
  return `<MapAnnotation${facts}><Value>${entries.join('')}</Value></MapAnnotation>`;
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

/** Text that is safe in elements and attributes; what XML 1.0 forbids (control characters, U+FFFE, U+FFFF) is dropped. */
function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is dropped
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return allowed.replace(/[&<>"]/g, (sign) => entities[sign]);
}
