// What a report tells beside what was found.
import type { OptionTable } from './option-table.js';

export type ReportingOptions = {
  /** The command line that a run is of, for its report. */
  readonly command?: string | undefined;
};

export const reportingOptions = {
  command: { kind: 'text', flag: null, text: 'the command line that a run is of, for its report' },
} as const satisfies OptionTable<ReportingOptions>;
