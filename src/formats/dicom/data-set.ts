// The data elements of a data set or an item (PS3.5, 7.1), those that zflat looks at alone.

/** Where a value lies in the file. */
export type ValuePlace = { readonly at: number; readonly length: number };

export type DataElement = ValuePlace & {
  /** Value representation. */
  readonly vr: string;
  /** Of short values; long ones are read when they are needed. */
  readonly bytes?: Uint8Array | undefined;
  /** Of a sequence. */
  readonly items?: readonly DataSet[] | undefined;
};

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

export class DataSet {
  readonly #elements = new Map<number, DataElement>();

  set(tag: number, element: DataElement): void {
    this.#elements.set(tag, element);
  }

  get(tag: number): DataElement | undefined {
    return this.#elements.get(tag);
  }

  /** The values of a text element, without padding; empty where it is missing or has none. */
  texts(tag: number): string[] {
    const bytes = this.#elements.get(tag)?.bytes;
    if (!bytes || bytes.length === 0) return [];
    return decodeText(bytes)
      .split('\\')
      .map((value) => value.replace(/^[\s\0]+|[\s\0]+$/g, ''));
  }

  /** The first value of a text element; undefined where it is missing or empty. */
  text(tag: number): string | undefined {
    return this.texts(tag)[0] || undefined;
  }

  /** The values of a numeric element, be it binary or text. */
  numbers(tag: number): number[] {
    const element = this.#elements.get(tag);
    if (!element?.bytes) return [];
    const { vr, bytes } = element;
    const reading = binaryNumbers[vr];
    if (!reading) return this.texts(tag).map((text) => (text === '' ? Number.NaN : Number(text)));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: Math.floor(bytes.length / reading.size) }, (_, i) =>
      reading.read(view, i * reading.size),
    );
  }

  /** The first value of a numeric element; undefined where it is missing or no number. */
  number(tag: number): number | undefined {
    const element = this.#elements.get(tag);
    const reading = element && binaryNumbers[element.vr];
    if (!element?.bytes || !reading) return finite(this.numbers(tag)[0]);
    const { bytes } = element;
    if (bytes.length < reading.size) return undefined;
    return finite(reading.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0));
  }

  /** The items of a sequence; empty where it is missing. */
  items(tag: number): readonly DataSet[] {
    return this.#elements.get(tag)?.items ?? [];
  }

  /** The first item of a sequence. */
  item(tag: number): DataSet | undefined {
    return this.items(tag)[0];
  }
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

type BinaryNumber = { readonly size: number; readonly read: (view: DataView, at: number) => number };

const binaryNumbers: Readonly<Record<string, BinaryNumber | undefined>> = {
  US: { size: 2, read: (view, at) => view.getUint16(at, true) },
  SS: { size: 2, read: (view, at) => view.getInt16(at, true) },
  UL: { size: 4, read: (view, at) => view.getUint32(at, true) },
  SL: { size: 4, read: (view, at) => view.getInt32(at, true) },
  FL: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  FD: { size: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** Text in UTF-8 (ISO_IR 192) or, where it is none, in Latin 1. */
function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}
