// Counts and shares as words of a picture.

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
