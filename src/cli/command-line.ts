// The command line as reports hold it: as it can be typed again, without what is secret.

/** The words of a command line, quoted where a shell would read them otherwise. */
export function commandLine(words: readonly string[]): string {
  const shown = words.map((word, i) => {
    // Headers let one in.
    if (words[i - 1] === '--header') return '…';
    return word.startsWith('--header=') ? '--header=…' : quoted(word);
  });
  return ['zflat', ...shown].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
