// Pages for people: their links lead somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', 'test/README.md', 'experiments/README.md', 'experiments/algorithm.md'];

/** Targets of links and pictures of a page, but for those on the web. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target);
}

/** Names of the headings of a page, as links name them. */
function anchorsOf(page: string): string[] {
  const headings = readFileSync(join(root, page), 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (page) => {
  it('should only ever link to files and headings that there are', () => {
    const links = linksOf(page);
    expect(links.length).toBeGreaterThan(5);
    const dead = links.filter((link) => {
      const [file, anchor] = link.split('#');
      const path = file === '' ? page : join(dirname(page), file);
      return !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(path).includes(anchor));
    });
    expect(dead).toEqual([]);
  });
});

describe('results of experiments', () => {
  it('should always be named in the table of experiments', () => {
    const files = readdirSync(join(root, 'experiments/results')).filter((file) => file.endsWith('.md'));
    const text = readFileSync(join(root, 'experiments/README.md'), 'utf8');
    expect(files.filter((file) => !text.includes(`[\`${file.slice(0, -3)}\`]`))).toEqual([]);
  });
});
