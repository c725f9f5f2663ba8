// Figures as people read them: shares, counts, lengths of time, sizes of files.

/**
 * A share as a percentage, with more decimals the nearer it is to nothing or to all: .024 is "2.4 %", .9996 "99.96 %". What is not
 * quite all is never "100 %", what is not nothing never "0 %".
 */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (!Number.isFinite(percent)) return 'unknown';
  const toEdge = Math.min(Math.abs(percent), Math.abs(100 - percent));
  if (toEdge === 0) return `${percent} %`;
  if (toEdge < 5e-5) return percent < 50 ? 'below 0.0001 %' : percent < 100 ? 'above 99.9999 %' : '100 %';
  const decimals = toEdge >= 1 ? 1 : toEdge >= 0.02 ? 2 : toEdge >= 0.002 ? 3 : 4;
  return `${Number(percent.toFixed(decimals))} %`;
}

/** How many times as much: "42 times", "3.1 times". */
export function formatTimes(factor: number): string {
  if (!Number.isFinite(factor)) return 'unknown';
  return `${factor >= 9.95 ? formatCount(Math.round(factor)) : factor.toFixed(1)} times`;
}

/** Milliseconds as "480 ms", "12.3 s", "3 min 05 s" or "2 h 04 min". */
export function formatDuration(elapsedMs: number): string {
  if (!Number.isFinite(elapsedMs)) return 'unknown';
  if (elapsedMs < 999.5) return `${Math.round(elapsedMs)} ms`;
  if (elapsedMs < 59_950) return `${(elapsedMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(elapsedMs / 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}

const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes to three digits, in powers of 1000: "402 MB", "1.35 GB". */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'unknown';
  let unit = 0;
  let size = bytes;
  for (; size >= 999.5 && unit < byteUnits.length - 1; unit++) size /= 1000;
  if (unit === 0) return `${formatCount(bytes)} bytes`;
  return `${size.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)} ${byteUnits[unit]}`;
}

/** A whole number with commas, or one with up to three decimals: 12345 is "12,345". */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return 'unknown';
  const [whole, decimals] = String(Math.round(count * 1000) / 1000).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** Whole percents, one decimal below ten: 0.034 is "3.4 %". Little is never "0 %", nearly all never "100 %". */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent > 99.5 && percent < 100) return '> 99 %';
  return percent > 0 && percent < 9.95 ? `${percent.toFixed(1)} %` : `${Math.round(percent)} %`;
}

/** A count with its noun: "1 tile", "1,234 tiles". `many` is the plural where it is not the noun with an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A share as percent with so many decimals and no sign, for columns of figures: .99951 is "99.95". */
export function percentDigits(share: number, digits = 2): string {
  return Number.isFinite(share) ? (100 * share).toFixed(digits) : 'unknown';
}
