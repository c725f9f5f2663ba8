// References in XML text: by number, by the five names of XML, and by those of HTML that stand in it all the same.

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  deg: '\u00b0',
  copy: '\u00a9',
  reg: '\u00ae',
  plusmn: '\u00b1',
  // In the units of lengths.
  micro: '\u00b5',
  mu: '\u03bc',
  Aring: '\u00c5',
};

/** The text with its references replaced; those that nobody knows stay as they are. */
export function entityText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return Object.hasOwn(named, name) ? named[name] : whole;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
