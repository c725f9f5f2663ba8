import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { parseJson } from '../../src/system/json-value.js';

describe('parseJson', () => {
  it('should always answer what JSON says, and never quote what is none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseJson(JSON.stringify(value), 'a.json', 'it')).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    for (const text of ['{"password": s3cret}', 's3cret', '{"a": "s3cret', '["s3cret",]', '{"s3cret"}']) {
      try {
        parseJson(text, 'a.json', 'its description');
        expect.unreachable();
      } catch (error) {
        expect(isSlideError(error, 'damaged')).toBe(true);
        expect((error as Error).message).toMatch(/its description is no JSON/);
        expect(`${(error as Error).stack} ${(error as Error).cause}`).not.toContain('s3cret');
      }
    }
  });
});
