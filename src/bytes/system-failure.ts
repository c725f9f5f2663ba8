// What the system says when a file can't be read, as an error: which of it may pass, and what to do.
import { SlideError, type SlideErrorCode } from '../errors.js';

/** For errors that are neither the file's fault nor the slide's, by their code: what happened, and what to do. */
export const openFilesSpent: Readonly<Record<string, readonly [string, string]>> = {
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n), or run fewer things at once'],
  ENFILE: ['the system has too many files open', 'run fewer things at once'],
};

const failures: Readonly<Record<string, readonly [SlideErrorCode, string, string]>> = {
  ENOENT: ['unreadable', 'there is no such file', 'check the path'],
  ENOTDIR: ['unreadable', 'there is no such file: a part of the path is no folder', 'check the path'],
  EACCES: ['unreadable', 'the file may not be read', 'check its permissions'],
  EPERM: ['unreadable', 'the file may not be read', 'check its permissions'],
  ELOOP: ['unreadable', 'links lead in a circle', 'check the path'],
  ENAMETOOLONG: ['unreadable', 'the name is longer than the file system allows', 'check the path'],
  ESTALE: ['transient', 'the file system was mounted anew, or the file replaced on it', 'try again'],
  ETIMEDOUT: ['transient', 'the file system does not answer', 'check the network, and try again'],
  EHOSTDOWN: ['transient', 'the server of the file system is down', 'try again later'],
  EAGAIN: ['transient', 'the file system is busy', 'try again'],
  ...Object.fromEntries(Object.entries(openFilesSpent).map(([code, told]) => [code, ['transient', ...told] as const])),
};

/** Longer names are cut in messages. */
const longestShown = 300;

/** The error that a failed call of the system stands for. */
export function failedFile(cause: NodeJS.ErrnoException, file: string): SlideError {
  const name = file.length > longestShown ? `${file.slice(0, longestShown - 1)}…` : file;
  const [code, problem, hint] = failures[cause.code ?? ''] ?? [
    'unreadable',
    `the file can't be read (${cause.code ?? cause.message})`,
    'check the disk, and the connection to it',
  ];
  return new SlideError(code, problem, { file: name, cause, hint });
}
