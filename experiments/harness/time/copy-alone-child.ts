// Copying alone: see copy-alone.ts. Words: the slide, a folder for what is written, how often it is done again.
import { copyAlone } from './copy-alone.js';

const [slide, folder, rounds] = process.argv.slice(2);
console.log(JSON.stringify(await copyAlone(slide, folder, Number(rounds))));
