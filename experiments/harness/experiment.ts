// What an experiment is: a question, and a function from options to data, tables and pictures.
import { cpus } from 'node:os';
import type { EachPart } from './record/parts.js';
import type { ExperimentSlide } from './slides/slides.js';

export type ExperimentOptions = {
  /** How many seeds; undefined: as many as the question needs. */
  readonly seeds: number | undefined;
  /** A fraction of slides and seeds, to see that it works. */
  readonly quick: boolean;
  /** Slides of one's own to ask about, in place of the experiment's. */
  readonly own: readonly ExperimentSlide[] | undefined;
  /** Set when the run is to stop. */
  readonly signal: AbortSignal;
  /** Does the parts of the work, keeps what each found, and tells how far it is. */
  readonly each: EachPart;
};

export type ExperimentResult = {
  /** Names of the slides it ran on. */
  readonly slides: readonly string[];
  /** Seeds of draws: the first and how many follow; 0 where nothing is drawn. */
  readonly seeds: number;
  /** What was set, other than defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly data: unknown;
  /** Markdown for people: tables first. */
  readonly text: string;
  /** By file name, without ending. */
  readonly pictures: Readonly<Record<string, string>>;
};

export type Experiment = {
  readonly question: string;
  /** Whether it can be asked about slides of one's own: it needs no truth, and no slide made for it. */
  readonly takesSlides?: true;
  readonly run: (options: ExperimentOptions) => Promise<ExperimentResult>;
};

/** The machine and the day, for the head of a result. */
export function provenance() {
  const all = cpus();
  return {
    machine: `${all[0].model.trim()} x ${all.length}`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** A table in markdown; the first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map((_, i) => (i === 0 ? '---' : '--:')).join('|')}|`, ...rows.map(line)].join('\n');
}

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)}`;

export function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? Number.NaN : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** The value below which `share` (0 to 1) of the numbers lie. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}
