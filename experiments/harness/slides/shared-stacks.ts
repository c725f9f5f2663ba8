// Real stacks of ../shared/data as zflat is given them: folders of plane files, and slides of every format that is there.
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import type { NamedSlide } from '../record/two-builds.js';
import { sharedData } from './slides.js';

/** Another program's result lies beside the planes: only numbered files are planes. */
const numbered: ReadonlyMap<string, string> = new Map([['pcb-zstack', '*[0-9].jpg']]);

/** In the order of their names; none where there is no such data. */
export async function sharedStacks(): Promise<NamedSlide[]> {
  const options = { cwd: sharedData, onlyFiles: false, expandDirectories: false };
  const folders = await glob(['*-zstack', 'ome-tiff/multifile'], { ...options, onlyDirectories: true });
  const files = await glob(['*/*.{ome.tiff,czi,ndpi,svs}'], options);
  return [...folders, ...files]
    .map((each) => each.replace(/\/$/, ''))
    .sort()
    .map((name) => ({ name, input: join(sharedData, name, numbered.get(name) ?? ''), words: [] }));
}
