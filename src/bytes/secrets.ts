// Keeping secrets out of messages: servers repeat what they were told, in whatever writing.

/** What stands in the place of a secret. */
const masked = '…';
/** Shorter texts are no secrets that could be told from others. */
const minSecret = 3;
/** How often one writing may lie within another. */
const maxDepth = 3;

/** The text without the secrets; one that has a secret in another writing (percent, HTML, JSON, base64, hexadecimal) is left out whole. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const wanted = secrets.filter(({ length }) => length >= minSecret);
  let shown = text;
  for (const secret of [...wanted].sort((a, b) => b.length - a.length)) {
    shown = shown.replaceAll(new RegExp(escaped(secret), 'gi'), masked);
  }
  const needles = wanted.map((secret) => secret.toLowerCase());
  return holds(shown, needles, maxDepth) ? 'something that repeats a secret, and is not shown' : shown;
}

function holds(text: string, needles: readonly string[], depth: number): boolean {
  const lower = text.toLowerCase();
  // Also where something stands between the letters.
  const dense = lower.replaceAll(/[\s"'\\.,;:|_-]+/g, '');
  if (needles.some((needle) => lower.includes(needle) || dense.includes(needle))) return true;
  return depth > 0 && readings(text).some((reading) => reading !== text && holds(reading, needles, depth - 1));
}

/** What a text says if it is taken to be written in one way or another. */
function readings(text: string): string[] {
  const code = (digits: string, radix: number) => {
    const point = Number.parseInt(digits, radix);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '';
  };
  const named: Readonly<Record<string, string>> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    commat: '@',
    excl: '!',
  };
  return [
    text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')),
    text.replaceAll('+', ' '),
    text
      .replaceAll(/&#x([0-9a-f]{1,6});?/gi, (_, digits: string) => code(digits, 16))
      .replaceAll(/&#(\d{1,7});?/g, (_, digits: string) => code(digits, 10))
      .replaceAll(/&(\w+);/g, (whole, name: string) => named[name] ?? whole),
    text
      .replaceAll(/\\u\{?([0-9a-f]{4,6})\}?/gi, (_, digits: string) => code(digits, 16))
      .replaceAll(/\\x([0-9a-f]{2})/gi, (_, digits: string) => code(digits, 16))
      .replaceAll(/\\([0-7]{3})/g, (_, digits: string) => code(digits, 8))
      .replaceAll(/\\(.)/g, '$1'),
    ...(text.match(/[\w+/-]{4,}={0,2}/g) ?? []).flatMap((word) => {
      const bytes = Buffer.from(word, 'base64');
      const hex = /^(?:0x)?(?:[0-9a-f]{2}){3,}$/i.test(word)
        ? [Buffer.from(word.replace(/^0x/i, ''), 'hex').toString('utf8')]
        : [];
      return [bytes.toString('utf8'), bytes.toString('utf16le'), ...hex];
    }),
    [...text].reverse().join(''),
  ];
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
