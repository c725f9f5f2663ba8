// npm run experiment -- list | <name> [--slides glob] [--out dir] [--quick] [--seeds n]: runs one experiment, prints what it found, keeps it.
import { runExperiment } from './harness/run-experiment.js';

process.exitCode = await runExperiment(process.argv.slice(2));
