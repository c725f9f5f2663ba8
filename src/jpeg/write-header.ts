// The markers before a scan, written from a header (ITU-T T.81, B.2).
import type { JpegHeader } from './header.js';
import { colourOf } from './header.js';
import { type HuffmanSpec, standardTables } from './huffman-spec.js';
import { marker } from './segments.js';
import { concatenate } from './tables.js';

/**
 * SOI to SOS of a complete stream: the header's size, sampling, tables and restart interval, and the JFIF or Adobe marker that says
 * how its colours are to be read. The header must be one the entropy core can read (see unreadableCoding).
 */
export function writeHeader(header: JpegHeader): Uint8Array {
  const { components, width, height, restartInterval, adobeTransform, jfif } = header;
  const quant = inSlots(components.map(({ quantTable }) => ({ quantTable, key: quantTable.join() })));
  const dc = inSlots(components.map(({ dcTable }) => dcTable as HuffmanSpec));
  const ac = inSlots(components.map(({ acTable }) => acTable as HuffmanSpec));
  // Baseline streams have at most two tables of a kind and steps of 8 bits (B.2.4); extended ones are decoded the same way.
  const wide = quant.tables.map(({ quantTable }) => quantTable.some((step) => step > 255));
  const baseline = Math.max(dc.tables.length, ac.tables.length) <= 2 && !wide.includes(true);

  const parts: Uint8Array[] = [Uint8Array.of(0xff, marker.soi)];
  // JFIF 1.1, no density, no thumbnail
  if (jfif) parts.push(segment(marker.app0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]));
  if (adobeTransform !== undefined) {
    parts.push(segment(marker.app14, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, adobeTransform]));
  }
  for (const [slot, { quantTable }] of quant.tables.entries()) {
    const steps = wide[slot] ? [...quantTable].flatMap(twoBytes) : quantTable;
    parts.push(segment(marker.dqt, [(wide[slot] ? 16 : 0) | slot, ...steps]));
  }
  const frame = components.flatMap(({ id, h, v }, c) => [id, (h << 4) | v, quant.slots[c]]);
  parts.push(
    segment(baseline ? marker.sof0 : marker.sof1, [
      8,
      ...twoBytes(height),
      ...twoBytes(width),
      components.length,
      ...frame,
    ]),
  );
  for (const [slot, { counts, symbols }] of dc.tables.entries())
    parts.push(segment(marker.dht, [slot, ...counts, ...symbols]));
  for (const [slot, { counts, symbols }] of ac.tables.entries()) {
    parts.push(segment(marker.dht, [16 | slot, ...counts, ...symbols]));
  }
  if (restartInterval > 0) parts.push(segment(marker.dri, twoBytes(restartInterval)));
  const scan = components.flatMap(({ id }, c) => [id, (dc.slots[c] << 4) | ac.slots[c]]);
  parts.push(segment(marker.sos, [components.length, ...scan, 0, 63, 0]));
  return concatenate(parts);
}

/** The header with the Huffman tables of annex K, which have a code for all that an 8-bit stream can hold. */
export function withStandardTables(header: JpegHeader): JpegHeader {
  const chroma = header.components.length === 3 && colourOf(header) === 'ycbcr';
  const components = header.components.map((component, c) => ({
    ...component,
    dcTable: c > 0 && chroma ? standardTables.chromaDc : standardTables.lumaDc,
    acTable: c > 0 && chroma ? standardTables.chromaAc : standardTables.lumaAc,
  }));
  return { ...header, components };
}

/** Tables of the same key share a slot. */
function inSlots<T extends { readonly key: string }>(tables: readonly T[]): { tables: T[]; slots: number[] } {
  const keys = [...new Set(tables.map(({ key }) => key))];
  return {
    tables: keys.map((key) => tables.find((table) => table.key === key) as T),
    slots: tables.map(({ key }) => keys.indexOf(key)),
  };
}

function segment(kind: number, data: Iterable<number>): Uint8Array {
  const bytes = [...data];
  return Uint8Array.from([0xff, kind, ...twoBytes(bytes.length + 2), ...bytes]);
}

function twoBytes(value: number): [number, number] {
  return [value >> 8, value & 255];
}
