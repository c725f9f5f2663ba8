// Whole streams out of abbreviated ones, and the comparison of quantisation tables (ITU-T T.81, B.2.4 and B.5; TIFF Technical Note 2).
import { SlideError } from '../errors.js';
import type { JpegHeader } from './header.js';
import { listSegments, marker, type Segment } from './segments.js';

/**
 * A complete stream from an abbreviated one and the stream of tables it relies on; tables that the tile repeats stay in force.
 * The entropy-coded bytes are untouched. Without tables, the tile itself. Throws `damaged` where either is no such stream.
 */
export function spliceTables(tables: Uint8Array | undefined, tile: Uint8Array): Uint8Array {
  if (!tables) return tile;
  const segments = listSegments(tables);
  if (segments.at(-1)?.marker === marker.sos)
    throw new SlideError('damaged', 'expected a JPEG stream of tables alone, got one with a scan');
  // JFIF and Adobe want their markers first, so the tables go behind them.
  const at = endOfApplicationSegments(tile);
  return concatenate([
    tile.subarray(0, at),
    ...segments.map(({ start, to }) => tables.subarray(start, to)),
    tile.subarray(at),
  ]);
}

/** The opposite of spliceTables: a complete stream as a stream of its tables (DQT, DHT) and an abbreviated one without. */
export function splitTables(stream: Uint8Array): { readonly tables: Uint8Array; readonly tile: Uint8Array } {
  const isTable = ({ marker: kind }: Segment) => kind === marker.dqt || kind === marker.dht;
  const segments = listSegments(stream);
  const cut = (wanted: readonly Segment[]) => wanted.map(({ start, to }) => stream.subarray(start, to));
  const end = segments.at(-1)?.to ?? 2;
  return {
    tables: concatenate([
      Uint8Array.of(0xff, marker.soi),
      ...cut(segments.filter(isTable)),
      Uint8Array.of(0xff, marker.eoi),
    ]),
    tile: concatenate([
      stream.subarray(0, 2),
      ...cut(segments.filter((segment) => !isTable(segment))),
      stream.subarray(end),
    ]),
  };
}

/**
 * The stream with an Adobe marker (APP14) that tells decoders how colours were transformed: 0 RGB, 1 YCbCr, 2 YCCK. A stream that
 * has the marker is returned as it is. A JFIF marker is taken out for transform 0, since decoders believe it before Adobe's.
 */
export function withAdobeMarker(bytes: Uint8Array, transform: 0 | 1 | 2): Uint8Array {
  const segments = listSegments(bytes);
  const isAdobe = segments.some(
    ({ marker: kind, from, to }) => kind === marker.app14 && named(bytes, from, to, 'Adobe'),
  );
  if (isAdobe) return bytes;
  const adobe = Uint8Array.of(0xff, marker.app14, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform);
  const parts = [bytes.subarray(0, 2)];
  let kept = 2;
  if (transform === 0) {
    for (const { marker: kind, start, from, to } of segments) {
      if (kind !== marker.app0 || !named(bytes, from, to, 'JFIF\0')) continue;
      parts.push(bytes.subarray(kept, start));
      kept = to;
    }
  }
  const at = Math.max(kept, endOfApplicationSegments(bytes));
  return concatenate([...parts, bytes.subarray(kept, at), adobe, bytes.subarray(at)]);
}

/** Whether components of the same place have step sizes of the same content, whatever slots they came from. */
export function sameQuantisation(a: JpegHeader, b: JpegHeader): boolean {
  return (
    a.components.length === b.components.length &&
    a.components.every(({ quantTable }, i) => {
      const other = b.components[i].quantTable;
      return quantTable.length === other.length && quantTable.every((step, k) => step === other[k]);
    })
  );
}

/** Equal for headers with the same quantisation (see sameQuantisation) and for no others; to group by, not to print. */
export function quantisationKey(header: JpegHeader): string {
  return header.components.map(({ quantTable }) => String.fromCharCode(...quantTable)).join('');
}

/** The bytes of the parts, one after the other. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Offset of the first segment that is not an application segment or a comment. */
function endOfApplicationSegments(bytes: Uint8Array): number {
  let end = 2;
  for (const { marker: kind, to } of listSegments(bytes)) {
    if ((kind & 0xf0) !== marker.app0 && kind !== marker.comment) break;
    end = to;
  }
  return end;
}

function named(bytes: Uint8Array, from: number, to: number, name: string): boolean {
  return to - from >= name.length && Buffer.from(bytes.subarray(from, from + name.length)).toString('latin1') === name;
}
