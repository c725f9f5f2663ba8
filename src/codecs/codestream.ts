// What a JPEG 2000 codestream says before its packets (ITU-T T.800, annex A): read to refuse what would take a decoder long on the word
// of a damaged file, before it is handed over.
import { SlideError } from '../errors.js';
import type { Size } from '../slide/geometry.js';

const marker = {
  siz: 0xff51,
  cod: 0xff52,
  qcd: 0xff5c,
  qcc: 0xff5d,
  tlm: 0xff55,
  plm: 0xff57,
  plt: 0xff58,
  crg: 0xff63,
  com: 0xff64,
};
const [startOfTile, startOfData, endOfStream] = [0xff90, 0xff93, 0xffd9];

/** Segments that change nothing in how much there is to decode. */
const harmless: readonly number[] = [
  marker.qcd,
  marker.qcc,
  marker.tlm,
  marker.plm,
  marker.plt,
  marker.crg,
  marker.com,
];
/** Packets at most: a tile of 4096 pixels in 12 layers has 1,300. */
const maxPackets = 50_000;

/** Throws `damaged` where a codestream is not one of this size, `unsupported` where it is of a kind that scanners do not write. */
export function checkCodestream(bytes: Uint8Array, size: Size & { readonly channels: number }): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint32(0) !== 0xff4f_ff51) {
    throw damaged('expected a JPEG 2000 codestream (FF 4F FF 51)');
  }
  let coded = false;
  let at = 2;
  for (;;) {
    const kind = number(view, at, 2);
    if (kind === startOfTile) break;
    const end = at + 2 + number(view, at + 2, 2);
    if (end < at + 4 || end > bytes.length) throw damaged('the JPEG 2000 stream ends within its header');
    if (kind === marker.siz) checkSize(view, at + 4, end, size);
    else if (kind === marker.cod && !coded) {
      checkCoding(view, at + 4, end, size);
      coded = true;
    } else if (!harmless.includes(kind)) throw unknown(kind);
    at = end;
  }
  if (!coded) throw damaged('the JPEG 2000 stream does not say how it is coded');
  checkTileParts(view, at);
}

/** Marker SIZ (A.5.1): one tile, of the size and samples that the slide says. */
function checkSize(
  view: DataView,
  at: number,
  end: number,
  { width, height, channels }: Size & { channels: number },
): void {
  const word = (index: number) => number(view, at + 2 + 4 * index, 4);
  const found = { width: word(0), height: word(1), components: number(view, at + 34, 2) };
  if (found.width !== width || found.height !== height || found.components !== channels) {
    const problem = `expected a JPEG 2000 tile of ${width} x ${height} pixels of ${channels} samples`;
    throw damaged(`${problem}, got ${found.width} x ${found.height} of ${found.components}`);
  }
  if (end !== at + 36 + 3 * channels) throw damaged('marker SIZ of the JPEG 2000 stream has a wrong length');
  const whole = word(4) >= width && word(5) >= height && [2, 3, 6, 7].every((index) => word(index) === 0);
  if (!whole) throw unsupported('JPEG 2000 streams that are tiled themselves');
  for (let c = 0; c < channels; c++) {
    const [precision, across, down] = [0, 1, 2].map((i) => number(view, at + 36 + 3 * c + i, 1));
    if (precision !== 7 || across !== 1 || down !== 1)
      throw unsupported('JPEG 2000 with colour coarser than brightness, or of other than 8 bits');
  }
}

/** Marker COD (A.6.1): how many packets there are. */
function checkCoding(
  view: DataView,
  at: number,
  end: number,
  { width, height, channels }: Size & { channels: number },
): void {
  const byte = (index: number) => number(view, at + index, 1);
  const [style, layers, levels] = [byte(0), number(view, at + 2, 2), byte(5)];
  const ownPrecincts = (style & 1) === 1;
  if (levels > 32 || end !== at + 10 + (ownPrecincts ? levels + 1 : 0))
    throw damaged('marker COD of the JPEG 2000 stream has a wrong length');
  let packets = 0;
  for (let resolution = 0; resolution <= levels; resolution++) {
    const exponents = ownPrecincts ? byte(10 + resolution) : 0xff;
    const scale = 2 ** (levels - resolution);
    const across = Math.ceil(Math.ceil(width / scale) / 2 ** (exponents & 15));
    const down = Math.ceil(Math.ceil(height / scale) / 2 ** (exponents >> 4));
    packets += layers * channels * across * down;
  }
  if (packets === 0 || packets > maxPackets) throw damaged(`the JPEG 2000 stream tells of ${packets} packets`);
}

/** Tile-parts (A.4.2) without headers of their own, which could change all that was checked, up to the end of the stream. */
function checkTileParts(view: DataView, first: number): void {
  for (let at = first, part = 0; ; part++) {
    const kind = number(view, at, 2);
    if (kind === endOfStream) return;
    if (kind !== startOfTile || part > 255) throw damaged('expected a tile-part of the JPEG 2000 stream');
    const length = number(view, at + 6, 4);
    for (let header = at + 12; ; ) {
      const inner = number(view, header, 2);
      if (inner === startOfData) break;
      if (inner !== marker.plt && inner !== marker.com) throw unknown(inner);
      header += 2 + number(view, header + 2, 2);
    }
    // A length of 0 stands for all up to the end.
    if (length === 0) return;
    if (length < 14) throw damaged(`a tile-part of the JPEG 2000 stream has ${length} bytes`);
    at += length;
  }
}

function number(view: DataView, at: number, size: 1 | 2 | 4): number {
  if (at + size > view.byteLength) throw damaged('the JPEG 2000 stream is cut short');
  return size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at) : view.getUint32(at);
}

function damaged(problem: string): SlideError {
  return new SlideError('damaged', problem);
}

function unsupported(what: string): SlideError {
  return new SlideError('unsupported', `zflat does not read ${what}`, { hint: 'convert it to OME-TIFF' });
}

function unknown(kind: number): SlideError {
  return unsupported(`JPEG 2000 streams with marker ${kind.toString(16).toUpperCase()}`);
}
