import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  besideLocation,
  folderOfLocation,
  isUrl,
  nameOfLocation,
  sameLocation,
  shownLocation,
} from '../../src/bytes/location.js';

const url = 'https://me:pw@h.example:8080/a%20b/smear%20%C2%B5.ome.tif?plane=2&sig=x%2Fy';

describe('a location', () => {
  it('should always be told apart: paths and URLs', () => {
    expect([isUrl(url), isUrl('HTTP://h/x'), isUrl('/a/http://x'), isUrl('ftp://h/x'), isUrl('c:\\x.tif')]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('should always be shown without what lets one in', () => {
    expect(shownLocation(url)).toBe('https://h.example:8080/a%20b/smear%20%C2%B5.ome.tif?plane=2&sig=…');
    expect(shownLocation('/a/token=1.tif')).toBe('/a/token=1.tif');
    expect(shownLocation('http://')).toBe('http://');
  });

  it('should always have the name and the folder that it looks to have', () => {
    expect(nameOfLocation(url)).toBe('smear µ.ome.tif');
    expect(nameOfLocation('https://h/a/%E0%A4%A.tif')).toBe('%E0%A4%A.tif');
    expect(nameOfLocation('https://h')).toBe('');
    expect(nameOfLocation('/a/b?c.tif')).toBe('b?c.tif');
    expect(nameOfLocation(folderOfLocation(url))).toBe('a b');
    expect(folderOfLocation('/a/b/c.tif')).toBe('/a/b');
  });

  it('should always find what lies beside it, with the same query', () => {
    expect(besideLocation(url, 'b#1.tif')).toBe('https://me:pw@h.example:8080/a%20b/b%231.tif?plane=2&sig=x%2Fy');
    expect(besideLocation('/a/b.tif', 'c.tif')).toBe(resolve('/a/c.tif'));
  });

  it('should always be the same however it is written', () => {
    expect(sameLocation('https://h:443/x', 'HTTPS://H/x')).toBe(true);
    expect(sameLocation('https://h/x?plane=1', 'https://h/x?plane=2')).toBe(false);
    expect(sameLocation('a/../b.tif', 'b.tif')).toBe(true);
    expect(sameLocation('https://h/x', '/x')).toBe(false);
  });
});
