// Options that make no sense are refused before anything is opened, in the same words from the command line and from a program.
import { SlideError } from '../errors.js';
import type { AnyTable, OptionKind, OptionRow } from './option-table.js';

/** How a message names an option: a program's name for it, or its flag. */
export type Spelling = (name: string, row: OptionRow) => string;

/** `usage` where an option is unknown, then where one is out of its range, then where one is missing. */
export function checkOptions(tables: readonly AnyTable[], given: object, spell: Spelling = (name) => name): void {
  const rows = new Map(tables.flatMap((table) => Object.entries(table)));
  const values = new Map(Object.entries(given).filter(([, value]) => value !== undefined));
  const unknown = [...values.keys()].find((name) => !rows.has(name));
  if (unknown !== undefined) {
    const known = [...rows].map(([name, row]) => spell(name, row));
    throw new SlideError('usage', `unknown option: ${unknown}`, { hint: `the options are ${known.sort().join(', ')}` });
  }
  for (const [name, value] of values) {
    const row = rows.get(name) as OptionRow;
    if (isRight(row, value, values)) {
      if (row.kind === 'object' && row.of) checkOptions([row.of], value as object, (inner) => `${name}.${inner}`);
      continue;
    }
    const bound = notBelow(row) && values.get(notBelow(row) as string);
    const than = bound !== undefined && matches(row, value) ? `${bound} or more` : expectation(row);
    const hint = suggestion(row, value);
    throw new SlideError('usage', `${spell(name, row)}: expected ${than}, got ${shown(value)}`, { hint });
  }
  for (const [name, row] of rows) {
    if (!row.required || values.has(name)) continue;
    throw new SlideError('usage', `${spell(name, row)}: it is missing: ${row.text}`);
  }
}

function isRight(row: OptionRow, value: unknown, others: ReadonlyMap<string, unknown>): boolean {
  if (!matches(row, value)) return false;
  const bound = notBelow(row);
  const other = bound === undefined ? undefined : others.get(bound);
  return typeof other !== 'number' || (value as number) >= other;
}

function notBelow(row: OptionRow): string | undefined {
  return row.kind === 'number' ? row.notBelow : undefined;
}

/** Whether a value is of a kind. */
export function matches(kind: OptionKind, value: unknown): boolean {
  switch (kind.kind) {
    case 'number': {
      const { whole, above = Number.NEGATIVE_INFINITY, multipleOf = 1 } = kind;
      const { from = Number.NEGATIVE_INFINITY, to = Number.MAX_VALUE } = kind;
      if (typeof value !== 'number' || !(value > above && value >= from && value <= to)) return false;
      return !whole || (Number.isSafeInteger(value) && value % multipleOf === 0);
    }
    case 'share':
      return typeof value === 'number' && value > 0 && value <= 1;
    case 'choice':
      return kind.of.includes(value as string | number);
    case 'switch':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string' && value !== '';
    case 'file':
      return typeof value === 'string' && kind.endings.some((ending) => value.toLowerCase().endsWith(ending));
    case 'index or name':
      return typeof value === 'string' ? value !== '' : Number.isSafeInteger(value) && (value as number) >= 0;
    case 'list':
      return (
        Array.isArray(value) &&
        (kind.counts?.includes(value.length) ?? true) &&
        value.every((each) => matches(kind.of, each))
      );
    case 'object':
      return typeof value === 'object' || typeof value === 'function';
  }
}

/** "a whole number from 1 to 1024": what could stand there. */
export function expectation(kind: OptionKind): string {
  switch (kind.kind) {
    case 'number':
      return numberText(kind);
    case 'share':
      return 'a share above 0, at most 1';
    case 'choice':
      return `one of ${kind.of.join(', ')}`;
    case 'switch':
      return 'true or false';
    case 'text':
      return 'a text';
    case 'file':
      return `a file ending in ${kind.endings.join(' or ')}`;
    case 'index or name':
      return 'an index, which counts from 0, or a name';
    case 'list': {
      const count = kind.counts ? `${kind.counts.join(' or ')} values` : 'a list';
      return `${count}, each ${expectation(kind.of)}`;
    }
    case 'object':
      return kind.what;
  }
}

function numberText({ whole, above, from, to, multipleOf }: Extract<OptionKind, { kind: 'number' }>): string {
  const kind = whole ? 'a whole number' : 'a number';
  const most = to === undefined ? '' : `, at most ${to}`;
  const least = from === undefined ? '' : ` of ${from} or more`;
  const range = above !== undefined ? ` above ${above}${most}` : to === undefined ? least : ` from ${from} to ${to}`;
  return `${kind}${range}${multipleOf === undefined ? '' : `, a multiple of ${multipleOf}`}`;
}

/** Shares given as percentages are common enough to be understood, though not taken. */
function suggestion({ kind }: OptionRow, value: unknown): string | undefined {
  if (kind !== 'share' || typeof value !== 'number' || !(value > 1 && value <= 100)) return undefined;
  return `${value} % is ${Number((value / 100).toPrecision(12))}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(',');
  return typeof value === 'string' ? `'${value}'` : String(value);
}
