// Loaded before a program that is timed: when it ends, it says on file descriptor 3 what it used.
import { readFileSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// Threads load it too.
if (isMainThread)
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const used = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: peakKilobytes() * 1024 };
    writeSync(3, JSON.stringify(used));
  });

/** Linux counts into maxRSS what the process that started this one held: there, the kernel is asked for this program's own peak. */
function peakKilobytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(peak);
}
