import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../src/cli/run-command.js';

const isTTY = process.stderr.isTTY;
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
  process.exitCode = undefined;
});

/** What a terminal is sent, both streams in one. */
async function terminal(work: Parameters<typeof runCommand>[2]): Promise<string[]> {
  const sent: string[] = [];
  const take = (text: string | Uint8Array) => sent.push(String(text)) > 0;
  process.stderr.isTTY = true;
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  await runCommand(new Command(), {}, work);
  return sent;
}

const away = '\r\x1b[K';

describe('a command on a terminal', () => {
  it('should always take the progress line away before it prints, notes and errors too, and draw no more when it ends', async () => {
    const sent = await terminal(async (_, { onEvent }, { print, complain }) => {
      onEvent({ type: 'writing', tiles: 10 });
      onEvent({ type: 'written', tiles: 5, of: 10 });
      await vi.waitFor(() => expect(vi.mocked(process.stderr.write)).toHaveBeenCalled());
      print('a report\n');
      onEvent({ type: 'written', tiles: 6, of: 10 });
      onEvent({ type: 'note', text: 'a note' });
      complain(new Error('a defect'));
      onEvent({ type: 'written', tiles: 7, of: 10 });
      return 0;
    });
    expect(sent[0].replace(away, '')).toMatch(/^writing .* 5 of 10 tiles/);
    expect(sent.slice(1, 5)).toEqual([away, 'a report\n', away, 'note: a note\n']);
    expect(sent[5]).toBe(away);
    expect(sent[6]).toMatch(/^zflat: Error: a defect/);
    expect(sent.slice(7)).toEqual([away]);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sent).toHaveLength(8);
  });
});
