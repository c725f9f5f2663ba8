// Indexes a scan: see ../../scan-index.ts, which says what and why.
import { componentOf, forgetPredictions, isPadding, Scan } from './scan.js';
import { acCode, advanceOf, dcCode, endsBlock, signedValue } from './symbols.js';

/** Fills `starts`, `firstDc`, `lastDc` and `intervalEnds`; false where the scan is damaged. */
export function indexScan(scan: Scan, starts: usize, firstDc: usize, lastDc: usize, intervalEnds: usize): bool {
  const words = scan.words;
  const bits = scan.bits;
  const componentCount = scan.componentCount;
  let position = 0;
  let restart = 0;
  // The next `valid` bits of the scan at the top of 64, and the word behind them. A code and its value have 31 at most
  let buffer: u64 = 0;
  let valid = 0;
  let next = words;
  forgetPredictions(scan);
  for (let mcu = 0; mcu < scan.mcus; mcu++) {
    if (mcu === (restart + 1) * scan.interval) {
      store<i32>(intervalEnds + (restart << 2), position);
      const end = load<i32>(scan.segmentStarts + (++restart << 2));
      if (!isPadding(words, position, end)) return false;
      position = end;
      next = words + ((<u32>end >>> 5) << 2);
      buffer = (<u64>load<u32>(next)) << (32 + (end & 31));
      valid = 32 - (end & 31);
      next += 4;
      forgetPredictions(scan);
    }
    for (let c = 0; c < componentCount; c++) {
      const component = componentOf(scan, c);
      const blockTable = component.blockTable;
      const skipTable = component.skipTable;
      let dc = component.prediction;
      store<i32>(starts, position);
      for (let block = 0; block < component.blocks; block++) {
        if (valid < 32) {
          buffer |= (<u64>load<u32>(next)) << (32 - valid);
          next += 4;
          valid += 32;
        }
        let k = 1;
        let used: i32;
        const start = load<i32>(blockTable + ((<usize>(buffer >>> 52)) << 2));
        if (start !== 0) {
          dc += start >> 16;
          k = (start >>> 4) & 255;
          used = start & 15;
        } else {
          const code = dcCode(component.dcSymbols, <u32>(buffer >>> 32));
          if (code === 0) return false;
          dc += signedValue(<u32>((buffer << (code >> 8)) >>> 32), code & 15);
          used = (code >> 8) + (code & 15);
        }
        buffer <<= used;
        valid -= used;
        if ((dc << 16) >> 16 !== dc) return false;
        if (block === 0) store<i16>(firstDc, <i16>dc);

        while (k < 64) {
          if (valid < 32) {
            buffer |= (<u64>load<u32>(next)) << (32 - valid);
            next += 4;
            valid += 32;
          }
          const skip = <i32>load<u16>(skipTable + ((<usize>(buffer >>> 52)) << 1));
          const behind = k + (skip >>> 4);
          if (behind < 64 || endsBlock(behind)) {
            k = behind;
            used = skip & 15;
          } else {
            const code = acCode(component.acSymbols, <u32>(buffer >>> 32), k);
            if (code === 0) return false;
            k += advanceOf(code & 255);
            used = (code >> 8) + (code & 15);
          }
          buffer <<= used;
          valid -= used;
        }
        position = ((<i32>(next - words)) << 3) - valid;
        if (position > bits) return false;
      }
      store<i16>(lastDc, <i16>dc);
      component.prediction = dc;
      starts += 4;
      firstDc += 2;
      lastDc += 2;
    }
  }
  store<i32>(intervalEnds + (restart << 2), position);
  return isPadding(words, position, bits);
}
