// The header of a DICOM file (PS3.10, 7.1; PS3.5, 7): every data element up to the pixel data, which is not read. The file is walked
// once, through a window; what is kept is bounded, however long the header: elements that zflat looks at, and of the per-frame
// items, which can be millions, only what their reader makes of each. Own code, since dicom-parser wants the header in memory as a
// whole, and knows no OV, the representation of extended offset tables.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import { ByteCursor } from './byte-cursor.js';
import { DataSet, type ValuePlace } from './data-set.js';
import { dicomMagicBytes } from './dicom-magic.js';
import { representations, tag, tagName } from './tags.js';

/** The pixel data element; a length of undefined says that it is encapsulated (PS3.5, A.4). */
export type PixelData = { readonly at: number; readonly length: number | undefined };

export type DicomHeader = {
  readonly file: string;
  /** A UID (PS3.6, table A-1). */
  readonly transferSyntax: string;
  readonly data: DataSet;
  readonly pixelData: PixelData | undefined;
};

/** Takes the items of one sequence one by one; they are not kept. */
export type ItemReader = { readonly tag: number; readonly read: (item: DataSet) => void };

const undefinedLength = 0xffff_ffff;

/** Bytes before the value of an element. */
const shortestStart = 8;
const longestStart = 12;

/** Longer values, such as ICC profiles, are read when they are needed. */
const longestKept = 4096;

/** Elements that a header may have beside its per-frame items; those of real slides have some hundreds. */
const maxElements = 100_000;

/** Sequences in sequences; the deepest that zflat looks at is 3. */
const deepest = 16;

/** Representations whose length takes 32 bits in Explicit VR, behind two reserved bytes (PS3.5, 7.1.2). */
const longForms = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

const implicitLittleEndian = '1.2.840.10008.1.2';

/** Transfer syntaxes whose very header is stored otherwise. */
const unreadHeaders: Readonly<Record<string, string | undefined>> = {
  '1.2.840.10008.1.2.1.99': 'deflated',
  '1.2.840.10008.1.2.2': 'big-endian',
};

/** Reads the header of a file that looks like DICOM; `items` takes the items of one long sequence of it. */
export async function readDicomHeader(reader: ByteReader, items?: ItemReader): Promise<DicomHeader> {
  const walk = new HeaderWalk(new ByteCursor(reader, dicomMagicBytes), items);
  const meta = await walk.fileMeta();
  const transferSyntax = meta.text(tag.transferSyntax);
  const file = reader.name;
  if (!transferSyntax) throw new SlideError('damaged', 'its file meta information names no transfer syntax', { file });
  const stored = unreadHeaders[transferSyntax];
  if (stored) {
    const hint = 'convert it, for example with: dcmconv +te in.dcm out.dcm';
    throw new SlideError('unsupported', `its data set is ${stored} (${transferSyntax})`, { file, hint });
  }
  const { data, pixelData } = await walk.dataSet(transferSyntax !== implicitLittleEndian);
  return { file, transferSyntax, data, pixelData };
}

type ElementStart = ValuePlace & { readonly tag: number; readonly vr: string };

class HeaderWalk {
  readonly #cursor: ByteCursor;
  readonly #streamed: ItemReader | undefined;
  #elements = 0;

  constructor(cursor: ByteCursor, streamed: ItemReader | undefined) {
    this.#cursor = cursor;
    this.#streamed = streamed;
  }

  /** Group 0002, always in Explicit VR Little Endian. */
  async fileMeta(): Promise<DataSet> {
    const meta = new DataSet();
    // One element at a time: the next may be of the data set, which can be stored otherwise.
    while (!this.#cursor.atEnd && (await this.#peekGroup()) === 2) {
      await this.#elementsOf(meta, true, 0, this.#cursor.at + 1, undefined);
    }
    return meta;
  }

  /** The data set up to its pixel data. */
  async dataSet(explicit: boolean): Promise<{ data: DataSet; pixelData: PixelData | undefined }> {
    const data = new DataSet();
    const last = await this.#elementsOf(data, explicit, 0, this.#cursor.fileSize, tag.pixelData);
    if (!last) return { data, pixelData: undefined };
    const { at, length } = last;
    return { data, pixelData: { at, length: length === undefinedLength ? undefined : length } };
  }

  async #peekGroup(): Promise<number> {
    if (!this.#cursor.holds(2)) await this.#cursor.fill(2);
    const group = this.#cursor.uint16();
    this.#cursor.at -= 2;
    return group;
  }

  /**
   * Reads the elements that start before `end` into `target`, or walks past them, up to one tagged `last`, which it answers. It waits
   * only where the window ends: there may be millions.
   */
  async #elementsOf(
    target: DataSet,
    explicit: boolean,
    depth: number,
    end: number,
    last: number | undefined,
  ): Promise<ElementStart | undefined> {
    const cursor = this.#cursor;
    while (cursor.at < end) {
      if (!cursor.holds(longestStart)) await this.#fillStart();
      const element = this.#start(explicit);
      if (element.tag === last) return element;
      const known = representations.get(element.tag);
      const asUnknown = element.vr === 'UN';
      if (element.length === undefinedLength || (known === 'SQ' && (element.vr === 'SQ' || asUnknown))) {
        // PS3.5, 6.2.2: a sequence of unknown representation is in Implicit VR.
        await this.#sequence(target, element, explicit && !asUnknown, depth);
        continue;
      }
      this.#checkEnd(element);
      if (known && known !== 'SQ') {
        this.#count();
        const short = element.length <= longestKept;
        if (short && !cursor.holds(element.length)) await cursor.fill(element.length);
        const { at, length } = element;
        const vr = asUnknown ? known : element.vr;
        target.set(element.tag, { vr, at, length, bytes: short ? cursor.bytes(length) : undefined });
      }
      cursor.at = element.at + element.length;
    }
    return undefined;
  }

  /** Fetches what the start of an element can take, or what is left of the file. */
  #fillStart(): Promise<void> {
    const left = this.#cursor.fileSize - this.#cursor.at;
    return this.#cursor.fill(Math.max(shortestStart, Math.min(left, longestStart)));
  }

  /** Tag, representation and length; the window holds them, unless the file ends. */
  #start(explicit: boolean): ElementStart {
    const cursor = this.#cursor;
    const id = cursor.uint16() * 65_536 + cursor.uint16();
    // Items and their ends have no representation, in either encoding (PS3.5, 7.5).
    if (!explicit || id >= tag.item) {
      const length = cursor.uint32();
      return { tag: id, vr: representations.get(id) ?? 'UN', at: cursor.at, length };
    }
    const vr = String.fromCharCode(cursor.uint8(), cursor.uint8());
    if (!/^[A-Z]{2}$/.test(vr)) {
      const place = `at byte ${cursor.at - 2}, behind ${tagName(id)}`;
      throw this.#damaged(`expected a value representation ${place}, got ${JSON.stringify(vr)}`);
    }
    if (!longForms.has(vr)) {
      const length = cursor.uint16();
      return { tag: id, vr, at: cursor.at, length };
    }
    cursor.at += 2;
    if (!cursor.holds(4)) throw this.#damaged(`ends inside ${tagName(id)}`);
    const length = cursor.uint32();
    return { tag: id, vr, at: cursor.at, length };
  }

  /** The items of a sequence (PS3.5, 7.5), whose length may be left open, as may be theirs. */
  async #sequence(target: DataSet, element: ElementStart, explicit: boolean, depth: number): Promise<void> {
    if (depth >= deepest) throw this.#damaged(`has sequences in sequences, more than ${deepest} deep`);
    const cursor = this.#cursor;
    const open = element.length === undefinedLength;
    if (!open) this.#checkEnd(element);
    const end = open ? Number.POSITIVE_INFINITY : element.at + element.length;
    const streamed = this.#streamed?.tag === element.tag && depth === 0 ? this.#streamed : undefined;
    // An icon's pixel data: its items hold bytes, not elements.
    const isPixelData = element.tag === tag.pixelData;
    const items: DataSet[] = [];
    while (cursor.at < end) {
      if (!cursor.holds(shortestStart)) await cursor.fill(shortestStart);
      const item = this.#start(false);
      if (item.tag === tag.sequenceEnd) break;
      if (item.tag !== tag.item) throw this.#damaged(`has no item at byte ${item.at - 8}, in ${tagName(element.tag)}`);
      if (isPixelData) {
        this.#checkEnd(item);
        cursor.at = item.at + item.length;
        continue;
      }
      const before = this.#elements;
      const data = await this.#item(item, explicit, depth + 1);
      if (streamed) {
        streamed.read(data);
        this.#elements = before;
      } else {
        this.#count();
        items.push(data);
      }
    }
    if (!open) this.#endAt(end, element);
    if (representations.get(element.tag) === 'SQ' && !streamed)
      target.set(element.tag, { ...element, vr: 'SQ', items });
  }

  async #item(item: ElementStart, explicit: boolean, depth: number): Promise<DataSet> {
    const data = new DataSet();
    const open = item.length === undefinedLength;
    if (!open) this.#checkEnd(item);
    const end = open ? Number.POSITIVE_INFINITY : item.at + item.length;
    await this.#elementsOf(data, explicit, depth, end, tag.itemEnd);
    if (!open) this.#endAt(end, item);
    return data;
  }

  /** Never goes back: then the time would not be bounded by the length of the file. */
  #endAt(end: number, { tag: id, at }: ElementStart): void {
    if (this.#cursor.at > end) throw this.#damaged(`has elements that reach beyond their ${tagName(id)} at byte ${at}`);
    this.#cursor.at = end;
  }

  #checkEnd({ tag: id, at, length }: ElementStart): void {
    if (at + length <= this.#cursor.fileSize) return;
    throw this.#damaged(`ends inside ${tagName(id)}, whose ${length} bytes start at byte ${at}`);
  }

  #count(): void {
    if (++this.#elements > maxElements) throw this.#damaged(`has more than ${maxElements} elements in its header`);
  }

  #damaged(problem: string): SlideError {
    return new SlideError('damaged', problem, { file: this.#cursor.file });
  }
}
