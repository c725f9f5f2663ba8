// Properties are tried on the same cases in every run, so that a change is told from chance. FC_SEED=<n> npm test tries others.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });
