// No secret is ever shown: not in URLs, whether they can be parsed or not, nor where a server repeats it in any writing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretsOf, shownLocation } from '../../src/bytes/location.js';
import { withoutSecrets } from '../../src/bytes/secrets.js';

/** Letters and signs that passwords are made of; recognisable, so that it is found wherever it stands. */
const secret = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9!@#$%^&*()=+/?:;,.~'"<> -]{2,12}$/), fc.stringMatching(/^[a-z0-9]{6}$/))
  .map(([any, core]) => `Q${core}${any}Z`);

const writings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  capitals: (text) => text.toUpperCase(),
  percent: encodeURIComponent,
  'percent, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'all percent': (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  form: (text) => new URLSearchParams({ x: text }).toString().slice(2),
  HTML: (text) => [...text].map((letter) => `&#${letter.codePointAt(0)};`).join(''),
  'HTML, hexadecimal': (text) => [...text].map((letter) => `&#x${letter.codePointAt(0)?.toString(16)};`).join(''),
  'HTML, by name': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON, escaped': (text) =>
    [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'base64 with a user': (text) => Buffer.from(`somebody:${text}`).toString('base64'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  backwards: (text) => [...text].reverse().join(''),
  spaced: (text) => [...text.replaceAll(/[\s"'\\.,;:|_-]/g, '')].join(' '),
};

describe('withoutSecrets', () => {
  it.each(Object.keys(writings))('should never show a secret, nor leave its writing: %s', (writing) => {
    const write = writings[writing];
    fc.assert(
      fc.property(secret, (password) => {
        const plain = writing === 'spaced' ? password.replaceAll(/[\s"'\\.,;:|_-]/g, '') : password;
        const shown = withoutSecrets(`no entry for "${write(plain)}" today`, [plain]);
        expect(shown).not.toContain(write(plain));
        expect(shown).not.toContain(plain);
      }),
      { numRuns: 60 },
    );
  });

  it('should never change a text that holds none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(withoutSecrets(text, ['correct horse battery staple'])).toBe(text);
        expect(withoutSecrets(text, [])).toBe(text);
        // Too short to be told from any other text.
        expect(withoutSecrets(text, ['a', ''])).toBe(text);
      }),
    );
  });
});

describe('a URL in a message', () => {
  const harmless = ['quality=75', 'format=png', 'plane=3', 'page=2'];

  it('should never show user, password, or what a parameter says, unless it is known to be harmless', () => {
    const name = fc.constantFrom(
      'sig',
      'X-Amz-Signature',
      'sv',
      'se',
      'code',
      'st',
      'k',
      'Policy',
      'ticket',
      'q',
      'quality',
    );
    fc.assert(
      fc.property(
        secret,
        secret,
        name,
        fc.constantFrom('https', 'http', 'HTTPS', 'pma', 'ftp', 's3'),
        (user, password, key, scheme) => {
          const userinfo = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
          const url = `${scheme}://${userinfo}@host.example/a/b.tif?${key}=${encodeURIComponent(`${password}\n`)}&${harmless.join('&')}`;
          const shown = shownLocation(url);
          for (const part of [user, password, encodeURIComponent(user), encodeURIComponent(password)])
            expect(shown).not.toContain(part);
          expect(shown).toContain('host.example/a/b.tif');
          if (/^http/i.test(scheme)) for (const each of harmless) expect(shown).toContain(each);
        },
      ),
    );
  });

  it('should never show them where it does not parse either', () => {
    const broken = fc.constantFrom('https://', 'https:/', 'https:\\\\', 'http://', 'https:', 'pma://', 'HTTPS://');
    const host = fc.constantFrom('host:port/a', 'host:99999/a', '[::1/a', 'ho st/a', 'a%zz/b', 'ok.example/a');
    fc.assert(
      fc.property(broken, secret, secret, host, (start, user, password, place) => {
        const shown = shownLocation(`${start}${user}:${password}@${place}?token=${password}#${password}`);
        expect(shown).not.toContain(password);
        expect(shown).not.toContain(encodeURIComponent(password));
        expect(shown).not.toContain(user);
      }),
    );
  });

  it('should always leave paths of this machine as they are', () => {
    for (const path of ['/a/b@c?token=1.tif', 'C:\\slides\\a@b.tif', 'a:b@c.tif', './x?y'])
      expect(shownLocation(path)).toBe(path);
  });

  it('should always know what in it is a secret', () => {
    expect(secretsOf('https://me:pass%20word@host/a?sig=abc%2F1&quality=75')).toEqual(
      expect.arrayContaining(['pass%20word', 'pass word', 'me:pass word', 'abc/1']),
    );
    expect(secretsOf('https://host/a?quality=75')).toEqual([]);
    expect(secretsOf('no url')).toEqual([]);
  });
});
