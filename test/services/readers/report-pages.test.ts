// Pages, as libxml2 reads them.
import { describe } from 'vitest';
import { filter } from '../../../experiments/harness/fixtures/programs.js';
import { itWith } from '../../fixtures/with-programs.js';
import { pages } from '../../report/sample-pages.js';

describe.each(Object.keys(pages))('the page of %s', (name) => {
  itWith(['xmllint'], 'should be well-formed', () => {
    filter('xmllint', ['--noout', '-'], Buffer.from(pages[name].page));
  });
});
