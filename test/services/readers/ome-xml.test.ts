// The OME-XML that zflat writes, as libxml2 reads it.
import fc from 'fast-check';
import { describe } from 'vitest';
import { filter } from '../../../experiments/harness/fixtures/programs.js';
import { writeOmeXml } from '../../../src/tiff/write-ome-xml.js';
import { arbitraryDraft } from '../../arbitraries/ome-draft.js';
import { itWith } from '../../fixtures/with-programs.js';

describe('OME-XML', () => {
  itWith(['xmllint'], 'should always be well-formed, whatever names say', async () => {
    for (const draft of fc.sample(arbitraryDraft, { numRuns: 15, seed: 4 })) {
      filter('xmllint', ['--noout', '-'], Buffer.from(writeOmeXml(draft)));
    }
    const control = {
      ...fc.sample(arbitraryDraft, { numRuns: 1, seed: 4 })[0],
      creator: 'a\u0000b\u0007c\ufffe\ud800 <&"\'>',
    };
    filter('xmllint', ['--noout', '-'], Buffer.from(writeOmeXml(control)));
  });
});
