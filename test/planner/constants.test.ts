// Constants of the planner say where they come from: an experiment, a paper, or that nobody has measured them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const planner = fileURLToPath(new URL('../../src/planner', import.meta.url));
const experiments = fileURLToPath(new URL('../../experiments', import.meta.url));

/** A constant or function of a file with the comment above it, which consecutive constants share. */
type Statement = { readonly name: string; readonly text: string; readonly isConstant: boolean };

/** What a file declares, by lines that begin at its edge. */
function statementsOf(source: string): Statement[] {
  const found: Statement[] = [];
  let comment = '';
  let lines: string[] = [];
  const close = () => {
    const text = lines.join('\n');
    const name = text.match(/^(?:export )?(?:const|function\*?|class) (\w+|\[[^\]]*\])/)?.[1];
    if (name) found.push({ name, text: `${comment}\n${text}`, isConstant: isLiteral(text) });
    lines = [];
  };
  for (const line of source.split('\n')) {
    const isComment = /^(\/\/|\/\*| \*)/.test(line);
    const isStart = /^\w/.test(line);
    if (isComment || isStart || line === '') close();
    if (isComment) comment = /^( \*|\/\/ )/.test(line) && comment !== '' ? `${comment}\n${line}` : line;
    else if (line === '') comment = '';
    else lines.push(line);
  }
  close();
  return found;
}

/** Whether a statement is a constant that is written out: a number, or numbers in a list or a record. */
function isLiteral(text: string): boolean {
  return /^(export )?const \w+(: [^=]*)? =/.test(text) && !/\(|=>/.test(text) && /\d/.test(codeOf(text));
}

/** Without comments and strings. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|^ \*.*/gm, '').replace(/'[^']*'|`[^`]*`/g, '');
}

/** Numbers that were chosen, where they stand in the middle of a formula: fractions but for a half, and numbers of two digits or more. */
const chosen = /(?<![\w.])(?!0\.5\b)(\d+\.\d+|\d+e-?\d+|\d[\d_]+)/;
const source =
  /experiments\/[a-z-]+|\bunmeasured\b|\((?:[^()]*\b)?(?:18|19|20)\d\d\)|, (?:18|19|20)\d\d[),]|Numerical Recipes|Abramowitz|MurmurHash3/;

/** The statements that hold a number which comes from nowhere. */
function withoutSource(text: string): string[] {
  return statementsOf(text)
    .filter((each) => (each.isConstant || chosen.test(codeOf(each.text))) && !source.test(each.text))
    .map(({ name }) => name);
}

const files = readdirSync(planner, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));
const textOf = (file: string) => readFileSync(`${planner}/${file}`, 'utf8');

describe('the constants of the planner', () => {
  it('should always cite an experiment or a paper, or say that they are unmeasured', () => {
    expect(files.flatMap((file) => withoutSource(textOf(file)).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  it('should only cite experiments that there are', () => {
    const cited = files.flatMap((file) =>
      [...textOf(file).matchAll(/experiments\/([a-z-]+)/g)].map(([, name]) => name),
    );
    expect(cited.length).toBeGreaterThan(5);
    expect(cited.filter((name) => !existsSync(`${experiments}/${name}.ts`))).toEqual([]);
  });
});

describe('the check itself', () => {
  it('should always see numbers that come from nowhere, and pass those that do not', () => {
    const text = `
/** Three of these; unmeasured. */
const a = 1;
export const b = { most: 0.7 };

/** How many. */
const c = 3;
/** From experiments/island. */
const d: readonly number[] = [
  1, // "2"
];
/** A share. */
export const e = 0.3;

/** Twice as much as 30. */
function f(x: number) {
  return 2 * x + 0.5;
}

/** Some of it. */
function g(x: number) {
  return 0.7 * x;
}

/** Fay & Feuer (1997). */
function h(x: number) {
  return 0.025 * x;
}

/** A table. */
const i = new Float64Array(4 * c);
const j = 'level 2';
`;
    expect(withoutSource(text)).toEqual(['c', 'e', 'g']);
  });
});
