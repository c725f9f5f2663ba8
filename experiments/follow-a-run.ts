// npx tsx experiments/follow-a-run.ts [slide]: a program that follows a run as a stream of events, as a notebook or a service would.
// It tells every round, how far it is once a second, and what came of it; Ctrl-C stops the run, which leaves nothing behind.
// (In a program of your own: import { engineEvents, flattenSlide, synthesizeSlide } from 'zflat'.)
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditTime, filter, fromEvent, map, merge, scan, share, takeUntil, tap } from 'rxjs';
import { engineEvents, flattenSlide, isSlideError, synthesizeSlide } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'zflat-follow-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const slide = process.argv[2] ?? (await synthesizeSlide(join(folder, 'synthetic.ome.tiff'))).path;

const stopped = fromEvent(process, 'SIGINT').pipe(
  tap(() => {
    process.exitCode = 130;
    console.error('stopped');
  }),
);

// One run, however many listen; the last of them to go ends it, and all go at Ctrl-C.
const events = engineEvents((followed) =>
  flattenSlide(slide, join(folder, 'flat.ome.tiff'), { target: 0.999, ...followed }),
).pipe(takeUntil(stopped), share());
const finished = events.pipe(filter(({ type }) => type === 'finished'));

/** A line for what happens seldom. */
const milestones = events.pipe(
  map((event) => {
    if (event.type === 'opened') return `opened ${event.name}: ${event.planes} planes`;
    if (event.type === 'round') return `round ${event.round}: ${event.probes} looks`;
    if (event.type === 'writing') return `writing ${event.tiles} tiles`;
    if (event.type === 'note') return `note: ${event.text}`;
    if (event.type !== 'finished') return '';
    const { accuracy, plan } = event.result.report;
    return `kept ${(100 * accuracy.retained).toFixed(2)} % for ${(100 * plan.cost).toFixed(1)} % of the pixels`;
  }),
  filter((line) => line !== ''),
);

/** Events that come once a tile, added up and thinned out; none after the result. */
const progress = events.pipe(
  scan(
    (sum, event) => {
      if (event.type === 'scored') return { ...sum, looks: event.probes };
      return event.type === 'written' ? { ...sum, tiles: event.tiles } : sum;
    },
    { looks: 0, tiles: 0 },
  ),
  auditTime(1000),
  takeUntil(finished),
  map(({ looks, tiles }) => `  ${looks} looks, ${tiles} tiles written`),
);

merge(milestones, progress).subscribe({
  next: (line) => console.log(line),
  error: (error: unknown) => {
    process.exitCode = 1;
    // What a slide or an option is to blame for says so in one line; all else is a defect of the program.
    console.error(isSlideError(error) ? `failed (${error.code}): ${error.message}` : error);
  },
});
