// The command line as reports hold it: files by their names alone, as everywhere in them, and without what is secret.
import { nameOfLocation } from '../bytes/location.js';

/** The words of a command line, quoted where a shell would read them otherwise. */
export function commandLine(words: readonly string[]): string {
  const shown = words.map((word, i) => {
    // Headers let one in.
    if (words[i - 1] === '--header') return '…';
    if (word.startsWith('--header=')) return '--header=…';
    const [, flag = '', value] = /^(--[\w-]+=)?(.*)$/s.exec(word) as RegExpExecArray;
    return quoted(`${flag}${nameOfPath(value)}`);
  });
  return ['zflat', ...shown].join(' ');
}

/** Folders are dropped, and of URLs all but the name: there, tokens may stand. */
function nameOfPath(word: string): string {
  if (!/[/\\]/.test(word)) return word;
  return nameOfLocation(word.replace(/[/\\]+$/, '')) || word;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
