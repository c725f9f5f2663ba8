// One run in a process of its own, told on standard output: milestones, each with the milliseconds since the process began and the CPU
// milliseconds spent by then. Words: the built library, the slide, the output, tiles of the result's levels, finest first.
import { writeSync } from 'node:fs';

const [library, slide, output, ...levelTiles] = process.argv.slice(2);
const milestones = [];
const reach = (what) => {
  const { user, system } = process.cpuUsage();
  milestones.push({ what, ms: performance.now(), cpuMs: (user + system) / 1000 });
};
reach('node is there');
const { flattenSlide } = await import(library);
reach('loaded');
const ends = [];
for (const tiles of levelTiles) ends.push((ends.at(-1) ?? 0) + Number(tiles));
let looks = 0;
await flattenSlide(slide, output, {
  thumbnail: false,
  force: true,
  onEvent: (event) => {
    if (event.type === 'opened') reach('opened');
    if (event.type === 'round') {
      if (event.round === 0) reach('lengths read and weighed');
      else if (event.round === 1) reach('calibrated');
      looks += event.probes;
    }
    if (event.type === 'writing') reach(`planned, ${looks} looks`);
    if (event.type === 'written' && ends.includes(event.tiles)) reach(`level ${ends.indexOf(event.tiles)} written`);
  },
});
reach('finished');
writeSync(1, JSON.stringify(milestones));
