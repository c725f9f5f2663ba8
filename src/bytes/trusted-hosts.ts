// Who is told what lets a person in: the servers that they named on the command line, and no others, whatever a list, a description or a
// redirection says.
import { SlideError } from '../errors.js';

export class TrustedHosts {
  readonly #hosts: ReadonlySet<string>;

  /** `given` are the slide's files as the person names them; `further` are hosts, such as "slides.example.org" or "10.0.0.7:8080". */
  constructor(given: readonly string[], further: readonly string[] = []) {
    this.#hosts = new Set([...given.flatMap(hostOf), ...further.map(hostNamed)]);
  }

  has({ host }: URL): boolean {
    return this.#hosts.has(host);
  }
}

/** The host of a URL, with its port where that is not the usual one; none where it is no URL. */
function hostOf(location: string): string[] {
  // Of schemes that it does not know, URL leaves hosts as they are.
  const url = location.replace(/^pma:/i, 'https:');
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? [new URL(url).host] : [];
}

function hostNamed(text: string): string {
  const url = `https://${text.trim()}/`;
  const { host = '', pathname = '', username = '' } = URL.canParse(url) ? new URL(url) : {};
  if (host !== '' && username === '' && pathname === '/' && !/[/?#@]/.test(text)) return host;
  throw new SlideError('usage', 'a host for the token is no name of a server', {
    hint: 'write it as slides.example.org or 10.0.0.7:8080, without https:// and path',
  });
}
