// How pixel data is stored (PS3.5, 8 and A; PS3.6, table A-1): what zflat copies, and the names of what it does not read.
import type { CodecName } from '../../slide/encoded-tile.js';

/** Transfer syntaxes whose frames zflat reads. */
const codecs: Readonly<Record<string, CodecName | undefined>> = {
  '1.2.840.10008.1.2': 'raw',
  '1.2.840.10008.1.2.1': 'raw',
  '1.2.840.10008.1.2.4.50': 'jpeg',
  '1.2.840.10008.1.2.4.51': 'jpeg',
};

const names: Readonly<Record<string, string | undefined>> = {
  '1.2.840.10008.1.2.4.57': 'lossless JPEG',
  '1.2.840.10008.1.2.4.70': 'lossless JPEG',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.92': 'JPEG 2000',
  '1.2.840.10008.1.2.4.93': 'JPEG 2000',
  '1.2.840.10008.1.2.4.110': 'JPEG XL',
  '1.2.840.10008.1.2.4.111': 'JPEG XL',
  '1.2.840.10008.1.2.4.112': 'JPEG XL',
  '1.2.840.10008.1.2.4.201': 'high-throughput JPEG 2000',
  '1.2.840.10008.1.2.4.202': 'high-throughput JPEG 2000',
  '1.2.840.10008.1.2.4.203': 'high-throughput JPEG 2000',
  '1.2.840.10008.1.2.5': 'run lengths',
};

/** The codec of frames; undefined where zflat reads none of this transfer syntax. */
export function codecOf(transferSyntax: string): CodecName | undefined {
  return codecs[transferSyntax];
}

/** The name of a compression, or its UID. */
export function compressionName(transferSyntax: string): string {
  return names[transferSyntax] ?? `transfer syntax ${transferSyntax}`;
}
