// What a JPEG stream says of itself before its first scan (ITU-T T.81, annex B), with the tables that a TIFF keeps apart from its
// tiles (TIFF Technical Note 2).
import { SlideError } from '../errors.js';
import { type HuffmanSpec, readHuffmanSpec } from './huffman-spec.js';
import { listSegments, marker, type Segment } from './segments.js';

/** Coding process (T.81, table B.1). zflat's entropy core reads `baseline`, and `extended` with 8-bit samples: the same code. */
export type JpegProcess = 'baseline' | 'extended' | 'progressive' | 'lossless' | 'arithmetic';

export type JpegComponent = {
  readonly id: number;
  /** Sampling factors, 1 to 4; 1, 1 for the only component of a frame, whose MCU is one block whatever SOF says (A.2.2). */
  readonly h: number;
  readonly v: number;
  /** 64 step sizes in zigzag order; empty where the process has none (lossless). */
  readonly quantTable: Uint16Array;
  /** Undefined where the first scan does not need it (progressive, arithmetic). */
  readonly dcTable: HuffmanSpec | undefined;
  readonly acTable: HuffmanSpec | undefined;
};

export type JpegHeader = {
  readonly process: JpegProcess;
  /** Bits per sample. */
  readonly precision: number;
  /** In pixels; 0 where the stream leaves it to others (DNL, or a TIFF's tags). */
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
  /** The first scan holds all components. */
  readonly interleaved: boolean;
  /** MCUs between restart markers; 0: no markers. */
  readonly restartInterval: number;
  /** Transform flag of an Adobe marker (APP14): 0 none, 1 YCbCr, 2 YCCK. Undefined without the marker. */
  readonly adobeTransform: 0 | 1 | 2 | undefined;
  /** Whether there is a JFIF marker (APP0). */
  readonly jfif: boolean;
  /** Offset of the first entropy-coded byte. */
  readonly scanStart: number;
  /** Size of an MCU in pixels, of an interleaved scan. */
  readonly mcuWidth: number;
  readonly mcuHeight: number;
  readonly mcuColumns: number;
  readonly mcuRows: number;
  /** Blocks (data units of 8 x 8 samples) in an MCU, 1 to 10. */
  readonly blocksPerMcu: number;
};

/**
 * The header of a stream, complete or abbreviated; `tables` is the abbreviated stream whose tables it relies on. Throws `damaged`
 * where the stream contradicts T.81 or a table is missing, `unsupported` for hierarchical streams.
 */
export function parseJpegHeader(bytes: Uint8Array, tables?: Uint8Array): JpegHeader {
  const segments = listSegments(bytes);
  const scan = segments.at(-1);
  if (scan?.marker !== marker.sos) throw damaged('the JPEG stream has no scan');
  const key = text(bytes, scan.to) + (tables ? text(tables, tables.length) : '');
  const known = recentHeaders.get(key);
  if (known) return known;
  const state = new HeaderState();
  if (tables) for (const segment of listSegments(tables)) state.read(tables, segment);
  for (const segment of segments) state.read(bytes, segment);
  const header = state.header(bytes, scan);
  if (recentHeaders.size >= 64) recentHeaders.clear();
  if (key.length < 1 << 14) recentHeaders.set(key, header);
  return header;
}

/**
 * Headers by the bytes they were parsed from: tiles of a level have the same ones, and equal headers being one object lets what is
 * made of a header be kept with it. Bounded to 1 MB, for slides whose every tile has tables of its own; headers with pictures or
 * profiles in them are not kept.
 */
const recentHeaders = new Map<string, JpegHeader>();

/** How decoders take the samples, by libjpeg's rules (jdapimin.c, default_decompress_parms); throws `unsupported` for 2 or 4 components. */
export function colourOf(header: JpegHeader): 'grey' | 'rgb' | 'ycbcr' {
  const { components, jfif, adobeTransform } = header;
  if (components.length === 1) return 'grey';
  if (components.length !== 3) {
    throw new SlideError('unsupported', `expected a JPEG of 1 or 3 components, got ${components.length}`);
  }
  if (jfif) return 'ycbcr';
  if (adobeTransform !== undefined) return adobeTransform === 0 ? 'rgb' : 'ycbcr';
  return components.map(({ id }) => String.fromCharCode(id)).join('') === 'RGB' ? 'rgb' : 'ycbcr';
}

type FrameComponent = { readonly id: number; readonly h: number; readonly v: number; readonly quant: number };

/** Tables in their slots and the frame, as segments come by; later ones replace earlier ones (B.2.4). */
class HeaderState {
  private readonly quant: (Uint16Array | undefined)[] = [];
  private readonly dc: (HuffmanSpec | undefined)[] = [];
  private readonly ac: (HuffmanSpec | undefined)[] = [];
  private restartInterval = 0;
  private adobeTransform: 0 | 1 | 2 | undefined;
  private jfif = false;
  private frame:
    | { process: JpegProcess; precision: number; width: number; height: number; components: FrameComponent[] }
    | undefined;

  read(bytes: Uint8Array, { marker: kind, from, to }: Segment): void {
    const data = bytes.subarray(from, to);
    if (kind === marker.dqt) this.readQuantTables(data);
    else if (kind === marker.dht) this.readHuffmanTables(data);
    else if (kind === marker.dri) {
      if (data.length !== 2) throw damaged(`DRI has ${data.length} bytes`);
      this.restartInterval = 256 * data[0] + data[1];
    } else if (kind === marker.app0) this.jfif ||= data.length >= 5 && text(data, 5) === 'JFIF\0';
    else if (kind === marker.app14 && data.length >= 12 && text(data, 5) === 'Adobe') {
      // Decoders take an unknown flag for YCbCr.
      this.adobeTransform = data[11] === 0 || data[11] === 2 ? data[11] : 1;
    } else if (kind === marker.dhp) throw new SlideError('unsupported', 'the JPEG stream is hierarchical');
    else if (kind >= marker.sof0 && kind <= 0xcf && kind !== marker.jpg && kind !== marker.dac)
      this.readFrame(kind, data);
  }

  /** B.2.2. */
  private readFrame(kind: number, data: Uint8Array): void {
    if (this.frame) throw damaged('the stream has two frame headers');
    const count = data[5];
    if (data.length < 6 || count < 1 || data.length !== 6 + 3 * count)
      throw damaged('its frame header has a wrong length');
    const components = Array.from({ length: count }, (_, i): FrameComponent => {
      const [id, sampling, quant] = data.subarray(6 + 3 * i);
      return { id, h: sampling >> 4, v: sampling & 15, quant };
    });
    for (const { id, h, v, quant } of components) {
      if (h < 1 || h > 4 || v < 1 || v > 4) throw damaged(`component ${id} has sampling factors ${h}x${v}`);
      if (quant > 3) throw damaged(`component ${id} names quantisation table ${quant}`);
    }
    if (new Set(components.map(({ id }) => id)).size !== count)
      throw damaged('two components have the same identifier');
    this.frame = {
      process: processOf(kind),
      precision: data[0],
      height: 256 * data[1] + data[2],
      width: 256 * data[3] + data[4],
      components,
    };
  }

  /** B.2.4.1. */
  private readQuantTables(data: Uint8Array): void {
    for (let at = 0; at < data.length; ) {
      const wide = data[at] >> 4;
      const slot = data[at] & 15;
      at++;
      if (wide > 1 || slot > 3 || at + 64 * (wide + 1) > data.length) throw damaged('a DQT segment is malformed');
      const table = new Uint16Array(64);
      for (let k = 0; k < 64; k++) table[k] = wide ? 256 * data[at++] + data[at++] : data[at++];
      this.quant[slot] = table;
    }
  }

  /** B.2.4.2. */
  private readHuffmanTables(data: Uint8Array): void {
    for (let at = 0; at < data.length; ) {
      const kind = data[at] >> 4;
      const slot = data[at] & 15;
      at++;
      if (kind > 1 || slot > 3) throw damaged('a DHT segment is malformed');
      const spec = readHuffmanSpec(data.subarray(at));
      (kind === 0 ? this.dc : this.ac)[slot] = spec;
      at += 16 + spec.symbols.length;
    }
  }

  /** B.2.3, with the frame and the tables in force at the scan. */
  header(bytes: Uint8Array, { from, to }: Segment): JpegHeader {
    const frame = this.frame;
    if (!frame) throw damaged('the scan comes before the frame header');
    const { process } = frame;
    const scan = bytes.subarray(from, to);
    const count = scan[0];
    if (count < 1 || count > 4 || count > frame.components.length || scan.length !== 4 + 2 * count) {
      throw damaged('its scan header has a wrong length');
    }
    const selected = new Map<number, number>();
    for (let i = 0; i < count; i++) selected.set(scan[1 + 2 * i], scan[2 + 2 * i]);
    const interleaved = count === frame.components.length;
    const named = frame.components.filter(({ id }) => selected.has(id)).map(({ id }) => id);
    // Scans list components in the order of the frame (B.2.3).
    if (named.join() !== [...selected.keys()].join() || named.length !== count)
      throw damaged('its scan header names wrong components');

    const huffman = process === 'baseline' || process === 'extended';
    const single = frame.components.length === 1;
    const components = frame.components.map(({ id, h, v, quant }): JpegComponent => {
      const selectors = selected.get(id);
      const dcTable = selectors === undefined ? undefined : this.dc[selectors >> 4];
      const acTable = selectors === undefined ? undefined : this.ac[selectors & 15];
      const quantTable = process === 'lossless' ? new Uint16Array(0) : this.quant[quant];
      if (!quantTable) throw damaged(`quantisation table ${quant} is missing`);
      if (huffman && selectors !== undefined && !(dcTable && acTable))
        throw damaged(`a Huffman table of component ${id} is missing`);
      return { id, h: single ? 1 : h, v: single ? 1 : v, quantTable, dcTable, acTable };
    });

    const mcuWidth = 8 * Math.max(...components.map(({ h }) => h));
    const mcuHeight = 8 * Math.max(...components.map(({ v }) => v));
    const blocksPerMcu = components.reduce((sum, { h, v }) => sum + h * v, 0);
    if (interleaved && blocksPerMcu > 10) throw damaged(`an MCU of ${blocksPerMcu} blocks, 10 are allowed (B.2.3)`);
    return {
      process,
      precision: frame.precision,
      width: frame.width,
      height: frame.height,
      components,
      interleaved,
      restartInterval: this.restartInterval,
      adobeTransform: this.adobeTransform,
      jfif: this.jfif,
      scanStart: to,
      mcuWidth,
      mcuHeight,
      mcuColumns: Math.ceil(frame.width / mcuWidth),
      mcuRows: Math.ceil(frame.height / mcuHeight),
      blocksPerMcu,
    };
  }
}

/** Table B.1; the differential frames of a hierarchical stream (SOF5 to SOF7, SOF13 to SOF15) are refused. */
function processOf(kind: number): JpegProcess {
  const number = kind - marker.sof0;
  if ((number & 7) > 3) throw new SlideError('unsupported', 'the JPEG stream is hierarchical');
  if (number > 8) return 'arithmetic';
  return (['baseline', 'extended', 'progressive', 'lossless'] as const)[number];
}

function text(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
}

function damaged(problem: string): SlideError {
  return new SlideError('damaged', `damaged JPEG stream: ${problem}`);
}
