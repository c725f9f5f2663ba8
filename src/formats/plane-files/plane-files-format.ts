// A file per plane, for the registry: what is of no other format. The first file says whether planes are TIFFs or pictures.
import type { SlideFormat } from '../../slide-source/slide-format.js';
import type { GivenFiles } from '../../slide-source/slide-input.js';
import { looksLikeTiff } from '../../tiff/tiff-magic.js';

const planes =
  'the number in the names that is marked as z (z, plane, focus) or the only one, or heights such as -3.0um';

const open: SlideFormat<GivenFiles>['open'] = async ({ files, notes, pattern }, options) => {
  const [{ openPlaneFiles }, { orderPlanes }, { chooseSeries, listed }] = await Promise.all([
    import('./plane-files-source.js'),
    import('./plane-order.js'),
    import('./name-series.js'),
  ]);
  const { series, leftOut } = pattern === undefined ? { series: files, leftOut: [] } : chooseSeries(pattern, files);
  const left = leftOut.length > 0 ? [`left out ${leftOut.length}: ${listed(leftOut)}`] : [];
  const ordered = orderPlanes(series, options);
  return openPlaneFiles(ordered, options, [...ordered.notes, ...left, ...notes]);
};

export const planeTiffs: SlideFormat<GivenFiles> = {
  name: 'one TIFF pyramid per plane',
  files: 'a folder, a pattern or a list of *.tif, *.tiff, *.svs, *.btf',
  planes,
  copied: 'yes where stored in tiles; strips are tiled and encoded once',
  planePerFile: true,
  timepointsAsPlanes: true,
  recognise: async (input) => (input.kind === 'files' && looksLikeTiff(await input.head()) ? input : undefined),
  open,
};

export const planePictures: SlideFormat<GivenFiles> = {
  name: 'one picture per plane',
  files: 'a folder, a pattern or a list of *.jpg, *.jpeg, *.png',
  planes,
  copied: 'no: pictures have no tiles, so they are tiled and encoded once',
  planePerFile: true,
  timepointsAsPlanes: true,
  recognise: async (input) => (input.kind === 'files' ? input : undefined),
  open,
};
