// Text that files and servers bring, made fit for a terminal: what would move the cursor, colour, hide or turn text is replaced.

/** Control characters of both sets (with the line feed), what turns the direction of writing, separators of lines and invisible joiners. */
const unprintable = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** A high surrogate without a low one, or the other way round: no character at all. */
const lone = /\p{Cs}/gu;
const replacement = '\ufffd';
/** Characters of a line of a stack trace: what a parser throws may hold a whole file. */
const maxTraceLine = 300;

/** One line: a line feed is replaced, too. */
export function printableLine(text: string): string {
  return text.replaceAll(unprintable, replacement).replaceAll(lone, replacement);
}

/** Lines of zflat's own making: line feeds stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printableLine).join('\n');
}

/** JSON text: the same characters are written as escapes, so that it says what it said. */
export function printableJson(json: string): string {
  const escaped = (character: string) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join('');
  return json
    .split('\n')
    .map((line) => line.replaceAll(unprintable, escaped).replaceAll(lone, escaped))
    .join('\n');
}

/** The stack of a defect, its lines cut where they are long. */
export function printableTrace(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cut = (line: string) => (line.length > maxTraceLine ? `${line.slice(0, maxTraceLine - 1)}…` : line);
  const lines = printableLines(text).split('\n').map(cut);
  const first = lines.findIndex((line) => line.startsWith('    at '));
  // Of a message of many lines, its beginning, and the trace.
  return [...lines.slice(0, Math.min(3, first < 0 ? 3 : first)), ...(first < 0 ? [] : lines.slice(first))].join('\n');
}
