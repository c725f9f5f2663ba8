// JSON of files and servers: anything may stand anywhere, so what is looked for is asked for.
import { SlideError } from '../errors.js';

export type Json = Readonly<Record<string, unknown>>;

/** What a text says; `damaged`, naming it as `what`, where it is no JSON. */
export function parseJson(text: string, file: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The engine's message quotes the text, which may repeat what a server was told in confidence.
    const [place] = /at position \d+/.exec((cause as Error).message) ?? [];
    throw new SlideError('damaged', [what, 'is no JSON', place].filter(Boolean).join(' '), { file });
  }
}

export function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** The entries of a list; none where it is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number of at least `least`, also where it stands as text. */
export function wholeOf(value: unknown, least: number): number | undefined {
  const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= least ? (number as number) : undefined;
}

/** A number above 0, also where it stands as text. */
export function positiveOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : undefined;
}
