// What an option is: one row has all that its flag, its check, its place in reports and its documentation need.

/** What may stand as a value. Bounds are included, but for `above`. */
export type OptionKind =
  | {
      readonly kind: 'number';
      readonly whole?: boolean;
      readonly above?: number;
      readonly from?: number;
      readonly to?: number;
      readonly multipleOf?: number;
      /** The name of an option of the same table that it may not be below. */
      readonly notBelow?: string;
    }
  /** A part of a whole: above 0, at most 1. */
  | { readonly kind: 'share' }
  | { readonly kind: 'choice'; readonly of: readonly (string | number)[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'text' }
  /** A path that ends in one of these. */
  | { readonly kind: 'file'; readonly endings: readonly string[] }
  | { readonly kind: 'index or name' }
  /** Values of one kind: so many of them, where `counts` says how many there may be. */
  | { readonly kind: 'list'; readonly of: OptionKind; readonly counts?: readonly number[] }
  /** What only a program can give; `of` are its own options. */
  | { readonly kind: 'object'; readonly what: string; readonly of?: AnyTable };

export type OptionRow<Value = unknown> = OptionKind & {
  /** One line on what it does. */
  readonly text: string;
  /** What stands for the value in help, its unit where it has one: pixels, um, share. */
  readonly unit?: string;
  /** In force where nothing is given; missing where the text or `otherwise` says what is. */
  readonly default?: Value;
  /** What is in force where nothing is given and no single value says it. */
  readonly otherwise?: string;
  /** Its flag where that is not its name with hyphens; null where the command line has none. */
  readonly flag?: string | null;
  /** One letter for it. */
  readonly short?: string;
  readonly required?: boolean;
};

/** The rows of all options of a type. */
export type OptionTable<Options = Readonly<Record<string, unknown>>> = {
  readonly [Name in keyof Options]-?: OptionRow<NonNullable<Options[Name]>>;
};

/** Any table, where the types of its values do not matter. */
export type AnyTable = Readonly<Record<string, OptionRow>>;

/** The flag of an option without its hyphens: max-cost; null where it has none. */
export function flagOf(name: string, { flag }: OptionRow): string | null {
  return flag === undefined ? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : flag;
}

/** What is in force where nothing is given. */
export function defaultsOf(table: AnyTable): Readonly<Record<string, unknown>> {
  const rows = Object.entries(table).filter(([, row]) => row.default !== undefined);
  return Object.fromEntries(rows.map(([name, row]) => [name, row.default]));
}

/** The options of a table out of more. */
export function pickOptions<Options>(table: OptionTable<Options>, given: object): Partial<Options> {
  const entries = Object.entries(given).filter(([name, value]) => value !== undefined && Object.hasOwn(table, name));
  return Object.fromEntries(entries) as Partial<Options>;
}
