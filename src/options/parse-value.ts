// Values from text: of the command line, and of what a flattened slide says of how it was made.
import type { OptionKind } from './option-table.js';

/** What a text means as a value of a kind; text that means none stays as it is, for the check to refuse. */
export function parseValue(kind: OptionKind, text: string): unknown {
  switch (kind.kind) {
    case 'number':
    case 'share':
      return numberOr(text);
    case 'choice':
      return kind.of.some((each) => typeof each === 'number') ? numberOr(text) : text;
    case 'index or name':
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'switch':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return text.split(',').map((part) => parseValue(kind.of, part.trim()));
    default:
      return text;
  }
}

function numberOr(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
