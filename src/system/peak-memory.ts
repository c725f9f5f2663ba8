// The most memory that this process has held.
import { readFileSync } from 'node:fs';

/**
 * Bytes of resident memory, code and threads included. Linux counts into maxRSS what the process that started this one held; there,
 * the kernel is asked for this program's own peak.
 */
export function peakMemory(): number {
  const kilobytes = process.platform === 'linux' ? ownPeak() : undefined;
  return 1024 * (kilobytes ?? process.resourceUsage().maxRSS);
}

/** See proc(5), VmHWM; undefined where it can't be read. */
function ownPeak(): number | undefined {
  try {
    const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return peak === undefined ? undefined : Number(peak);
  } catch {
    return undefined;
  }
}
