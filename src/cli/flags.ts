// Flags from the tables of options, and back: what a command line says, as the options of the library.
import { type Command, Option } from 'commander';
import { checkOptions, type Spelling } from '../options/check-options.js';
import { type AnyTable, flagOf, type OptionRow } from '../options/option-table.js';
import { parseValue } from '../options/parse-value.js';

/** Adds a flag for every option that has one. Commander reads words alone: what they mean, and whether it makes sense, the table knows. */
export function addFlags(command: Command, table: AnyTable): Command {
  for (const [name, row] of Object.entries(table)) {
    const flag = flagOf(name, row);
    if (flag === null) continue;
    const value = row.kind === 'switch' ? '' : ` <${row.unit ?? 'value'}>`;
    const option = new Option(`${row.short ? `-${row.short}, ` : ''}--${flag}${value}`, helpOf(row));
    if (repeats(row)) option.argParser((word, before: readonly string[] = []) => [...before, word]);
    command.addOption(option);
  }
  return command;
}

/** What a command line says, by the names of the table; nothing that it does not say. */
export function optionsOf(table: AnyTable, flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const said = Object.entries(table).flatMap(([name, row]) => {
    const flag = flagOf(name, row);
    if (flag === null) return [];
    const value = flags[attributeOf(flag)];
    // Of a flag that begins with no-, commander says that it is not there.
    if (value === undefined || (flag.startsWith('no-') && value === true)) return [];
    return [[name, meaningOf(row, value)]];
  });
  return Object.fromEntries(said);
}

/** See checkOptions; options are named by their flags. */
export function checkFlags(table: AnyTable, given: object): void {
  checkOptions([table], given, spellFlag);
}

export const spellFlag: Spelling = (name, row) => `--${flagOf(name, row) ?? name}`;

/** Examples below a command's help. */
export function addExamples(command: Command, examples: readonly (readonly [string, string])[]): Command {
  const lines = examples.map(([line, meaning]) => `  $ ${line}\n      ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

function meaningOf(row: OptionRow, value: unknown): unknown {
  if (Array.isArray(value)) return row.kind === 'list' ? value.map((word) => parseValue(row.of, word)) : value;
  return typeof value === 'string' ? parseValue(row, value) : value;
}

function repeats({ kind, unit }: OptionRow): boolean {
  return kind === 'list' && unit === 'line';
}

/** Commander's own name for a flag. */
function attributeOf(flag: string): string {
  return flag.replace(/^no-/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function helpOf(row: OptionRow): string {
  const { text, otherwise, default: usual } = row;
  const shown = otherwise ?? (Array.isArray(usual) ? usual.join(',') : usual);
  const said = [
    ...(row.kind === 'choice' ? [`one of ${row.of.join(', ')}`] : []),
    ...(shown === undefined || row.kind === 'switch' ? [] : [`default: ${shown}`]),
  ];
  return said.length === 0 ? text : `${text} (${said.join('; ')})`;
}
