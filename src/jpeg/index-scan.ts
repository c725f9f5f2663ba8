// Indexes a scan in the fastest way there is.
import type { JpegHeader } from './header.js';
import { indexByKernel } from './kernels/scan-kernels.js';
import { indexPlainly, type ScanIndex } from './scan-index.js';

/**
 * Indexes the scan of a stream whose header was parsed (with the tables it relies on). Throws `damaged` where the scan is not exactly
 * one code after the other to its last byte, `unsupported` for coding the core can't read (see unreadableCoding).
 */
export function indexScan(bytes: Uint8Array, header: JpegHeader): ScanIndex {
  return indexByKernel(bytes, header) ?? indexPlainly(bytes, header);
}
