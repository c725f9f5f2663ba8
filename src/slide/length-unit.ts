// Units of length, by all the names that slides give them, in micrometres.

/** Powers of ten, by the symbol of a prefix and by its word (SI, 9th edition, table 7). Case counts in symbols: M is mega, m is milli. */
const prefixes: readonly (readonly [symbol: string, word: string, exponent: number])[] = [
  ['Y', 'yotta', 24],
  ['Z', 'zetta', 21],
  ['E', 'exa', 18],
  ['P', 'peta', 15],
  ['T', 'tera', 12],
  ['G', 'giga', 9],
  ['M', 'mega', 6],
  ['k', 'kilo', 3],
  ['h', 'hecto', 2],
  ['da', 'deca', 1],
  ['', '', 0],
  ['d', 'deci', -1],
  ['c', 'centi', -2],
  ['m', 'milli', -3],
  ['u', 'micro', -6],
  ['n', 'nano', -9],
  ['p', 'pico', -12],
  ['f', 'femto', -15],
  ['a', 'atto', -18],
  ['z', 'zepto', -21],
  ['y', 'yocto', -24],
];

/** Metres with a prefix, in micrometres; read as decimal numbers, so that nm is .001 and not a little more. */
const bySymbol = new Map(prefixes.map(([symbol, , exponent]) => [`${symbol}m`, Number(`1e${exponent + 6}`)]));
const byWord = new Map(prefixes.map(([, word, exponent]) => [`${word}meter`, Number(`1e${exponent + 6}`)]));

/** Units of their own, by symbol and by word, in micrometres: those of OME's UnitsLength and of OME-Zarr. */
const others: ReadonlyMap<string, number> = new Map([
  ['micron', 1],
  ['å', 1e-4],
  ['angstrom', 1e-4],
  ['ångström', 1e-4],
  ['thou', 25.4],
  ['mil', 25.4],
  ['li', 25_400 / 12],
  ['line', 25_400 / 12],
  ['pt', 25_400 / 72],
  ['point', 25_400 / 72],
  ['in', 25_400],
  ['inch', 25_400],
  ['inches', 25_400],
  ['"', 25_400],
  ['ft', 304_800],
  ['foot', 304_800],
  ['feet', 304_800],
  ['yd', 914_400],
  ['yard', 914_400],
  ['mi', 1_609_344_000],
  ['mile', 1_609_344_000],
  ['ua', 1.495978707e17],
  ['ly', 9.4607304725808e21],
  ['pc', 3.085677581491367e22],
  ['parsec', 3.085677581491367e22],
]);

/** Units that are no length of the specimen: OME has them for what is not calibrated. */
const uncalibrated = /^(pixels?|px|voxels?|reference ?frame)$/i;

/** Micrometres in a unit; 0 where it says that the length is not calibrated, undefined where the unit is not known. */
export function micrometresPer(unit: string): number | undefined {
  // Micro is U+00B5 or U+03BC, or u; the ring of Å is a sign of its own (U+212B) or not, or put together.
  const name = unit
    .normalize('NFKC')
    .trim()
    .replace(/\u03bc/g, 'u');
  if (uncalibrated.test(name)) return 0;
  const word = name.toLowerCase();
  const singular = word.replace(/s$/, '');
  const metres = bySymbol.get(name) ?? byWord.get(singular.replace(/metre$/, 'meter'));
  return metres ?? others.get(word) ?? others.get(singular);
}
