// What the API of PMA.core and PMA.start answers, in JSON: its errors, its sessions, the information of a slide.
import { SlideError } from '../../errors.js';
import type { MicronsPerPixel, Size } from '../../slide/geometry.js';
import { type Json, listOf, objectOf, parseJson, positiveOf, textOf, wholeOf } from '../../system/json-value.js';

export type PmaImage = Size & {
  /** Side of its tiles. */
  readonly tileSize: number;
  /** The zoom level of full resolution; 0 is the smallest. */
  readonly maxZoom: number;
  readonly micronsPerPixel: MicronsPerPixel | undefined;
  /** By timepoint: how many planes it has. */
  readonly planes: readonly number[];
  /** Names of the channels, as far as they have any. */
  readonly channels: readonly (string | undefined)[];
};

/** Characters of a server's message that are passed on. */
const longestMessage = 300;
/** A pixel of a microscope is smaller. */
const greatestPixelUm = 100;
const greatestTile = 8192;

/** The message of an error, as the API tells it but for the secret that it was told; undefined where the text is none. */
export function pmaMessage(text: string, secret: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const { value } = unwrapped(JSON.parse(text));
    if (value?.Code === undefined && value?.Message === undefined) return undefined;
    const message = textOf(value.Message) ?? `code ${JSON.stringify(value.Code)}`;
    return told(message, secret);
  } catch {
    return undefined;
  }
}

/** The session of a sign-in; `unreadable`, with the server's reason, where it was refused. */
export function pmaSession(text: string, password: string, file: string): string {
  const { value } = unwrapped(parseJson(text, file, 'the answer to the sign-in'));
  const session = textOf(value?.SessionId);
  // Older servers say it in words.
  const success = value?.Success === true || textOf(value?.Success)?.toLowerCase() === 'true';
  if (success && session !== undefined) return session;
  const reason = told(textOf(value?.Reason) ?? 'without a reason', password);
  throw new SlideError('unreadable', `the server refuses to sign in: ${reason}`, {
    file,
    hint: 'check ZFLAT_PMA_USER and ZFLAT_PMA_PASSWORD',
  });
}

/** Reads the information of a slide (GetImageInfo); `damaged` where it lacks what is needed. */
export function parsePmaImage(text: string, file: string): PmaImage {
  const { value: info } = unwrapped(parseJson(text, file, 'its image information'));
  const damaged = (problem: string) =>
    new SlideError('damaged', problem, { file, hint: 'check whether its server shows the slide' });
  const number = (names: readonly string[], least: number, most: number) => {
    const name = names.find((each) => info?.[each] !== undefined && info?.[each] !== null) ?? names[0];
    const value = wholeOf(info?.[name], least);
    if (value !== undefined && value <= most) return value;
    throw damaged(`the server says that its ${name} is ${JSON.stringify(info?.[name])}`);
  };
  const width = number(['Width'], 1, 2 ** 31);
  const height = number(['Height'], 1, 2 ** 31);
  const tileSize = number(['TileSize'], 1, greatestTile);
  const maxZoom = number(['MaxZoomLevel', 'NumberOfZoomLevels'], 0, 32);
  const frames = listOf(info?.TimeFrames).map((frame) => listOf(objectOf(frame)?.Layers));
  if (frames.length === 0 || frames.some((layers) => layers.length === 0))
    throw damaged('the server tells of no layers');
  const [[layer]] = frames;
  const [x, y] = [positiveOf(info?.MicrometresPerPixelX), positiveOf(info?.MicrometresPerPixelY)];
  const known = x !== undefined && y !== undefined && Math.max(x, y) <= greatestPixelUm;
  return {
    width,
    height,
    tileSize,
    maxZoom,
    micronsPerPixel: known ? { x, y } : undefined,
    planes: frames.map((layers) => layers.length),
    channels: listOf(objectOf(layer)?.Channels).map((channel) => textOf(objectOf(channel)?.Name)),
  };
}

/** A message in one line, without what nobody should read. */
function told(message: string, secret: string): string {
  const kept = secret === '' ? message : message.replaceAll(secret, '…');
  return kept.replace(/\s+/g, ' ').trim().slice(0, longestMessage);
}

/** Older servers wrap what they answer. */
function unwrapped(answer: unknown): { readonly value: Json | undefined } {
  const outer = objectOf(answer);
  return { value: objectOf(outer?.d) ?? outer };
}
