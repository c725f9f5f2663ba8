// zflat formats: what can be read and written.
import type { Command } from 'commander';
import { outputFormats } from '../../options/writing.js';
import { formatRows } from '../../slide-source/slide-formats.js';

export function addFormats(command: Command): void {
  command.option('--json', 'print as JSON').action(({ json }: { json?: boolean }) => {
    process.stdout.write(json ? `${JSON.stringify(formatsJson(), null, 2)}\n` : formatsText());
  });
}

function formatsJson() {
  const written = Object.entries(outputFormats).map(([name, description]) => ({ name, description }));
  return { schema: 'zflat.formats/1', read: formatRows, written };
}

function formatsText(): string {
  const { read, written } = formatsJson();
  const readLines = read.map(({ name, files, planes, copied }) =>
    [`  ${name}`, `    files    ${files}`, `    planes   ${planes}`, `    copied   ${copied}`].join('\n'),
  );
  const writtenLines = written.map(({ name, description }) => `  ${name.padEnd(10)} ${description}`);
  return ['Read:', ...readLines, '', 'Written (--format):', ...writtenLines, ''].join('\n');
}
