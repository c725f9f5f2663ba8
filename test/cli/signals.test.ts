// How a command ends when it is told to, and when nobody reads what it prints.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, temporaryFolder, zflat } from './run-zflat.js';

const { folder, remove } = temporaryFolder();
const at = (name: string) => join(folder, name);
const slide = at('smear.ome.tiff');

beforeAll(() => {
  zflat('synth', '-o', slide, '--width', '512', '--height', '512', '--planes', '2');
});
afterAll(remove);

/** A command that has begun to write and has much left to do. */
async function begun(name: string): Promise<ChildProcess> {
  const words = ['synth', '-o', at(`${name}.ome.tiff`), '--width', '8192', '--height', '8192'];
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  while (!readdirSync(folder).some((each) => each.includes(name))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

function ended(child: ChildProcess): Promise<[number | null, string | null]> {
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve([code, signal])));
}

describe('a command that is told to end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('should always end by itself on %s, with %i, and leave nothing behind', async (signal, code) => {
    const child = await begun(signal);
    child.kill(signal);
    expect(await ended(child)).toEqual([code, null]);
    expect(readdirSync(folder).filter((name) => name.includes(signal))).toEqual([]);
  });

  it('should never open a debugger on SIGUSR1', async () => {
    const child = await begun('debugged');
    let told = '';
    child.stderr?.on('data', (text) => {
      told += text;
    });
    child.kill('SIGUSR1');
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([143, null]);
    expect(told).not.toMatch(/debugger/i);
  });
});

describe('a command whose output nobody takes', () => {
  const shell = (line: string) => spawnSync('sh', ['-c', line], { encoding: 'utf8', cwd: folder });
  const run = `"${process.execPath}" "${command}"`;

  it('should always end quietly where reading ends', () => {
    // Far more than a pipe holds.
    const { stderr, stdout } = shell(
      `(${run} flatten "${slide}" -o f.ome.tiff --json; echo "ended with $?" >&2) | true`,
    );
    expect([stdout, stderr]).toEqual(['', 'ended with 0\n']);
    expect(readdirSync(folder)).toContain('f.ome.tiff');
    expect(shell(`${run} formats | head -1`)).toMatchObject({ stdout: 'Read:\n', stderr: '' });
  });

  it.skipIf(process.platform !== 'linux')('should always say in one sentence that standard output is full', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [command, 'info', slide], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, 'zflat: standard output can not be written: no space is left\n']);
  });

  it('should always say in one sentence that there is no folder for temporary files', async () => {
    const pixels = { create: { width: 300, height: 200, channels: 3, background: '#888' } } as const;
    for (const name of ['z0.png', 'z1.png']) await sharp(pixels).png().toFile(at(name));
    const words = [command, 'flatten', at('z0.png'), at('z1.png'), '-o', at('p.ome.tiff')];
    const env = { ...process.env, TMPDIR: '/nowhere' };
    const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^(note: .*\n)*zflat: \/nowhere: .*is where temporary files go, and is not there \(let TMPDIR.*\)\n$/,
    );
  });
});

describe('--quiet', () => {
  it('should only leave errors, and the JSON that is asked for', () => {
    expect(zflat('flatten', slide, '-o', at('q.ome.tiff'), '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
    const { stdout } = zflat('map', slide, '-o', at('q.json'), '--quiet', '--json');
    expect(JSON.parse(stdout).schema).toMatch(/^zflat\.report/);
    expect(zflat('map', at('missing.tiff'), '-o', at('r.json'), '--quiet').stderr).toMatch(/^zflat: .*missing/);
  });
});
