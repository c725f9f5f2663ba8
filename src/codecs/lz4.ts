// LZ4 blocks (LZ4 block format, version 1.5.1): runs of literals, each followed by a match, the last by none.
import { ByteInput, ByteOutput } from './byte-window.js';

/** A match has so many bytes at least. */
const minMatch = 4;

/** Fills `target` with what a block holds; throws where that is anything but its length, or the block is damaged. */
export function decodeLz4Block(block: Uint8Array, target: Uint8Array): void {
  const input = new ByteInput(block);
  const output = new ByteOutput(target);
  while (!input.ended) {
    const token = input.next();
    output.take(input, lengthOf(token >> 4, input));
    // The last sequence ends with its literals.
    if (input.ended) break;
    const distance = input.little(2);
    output.repeat(distance, minMatch + lengthOf(token & 15, input));
  }
  output.finish();
}

/** Four bits of a token; 15 goes on in bytes, as long as they are 255. */
function lengthOf(bits: number, input: ByteInput): number {
  let length = bits;
  if (bits < 15) return length;
  for (let more = 255; more === 255; length += more) more = input.next();
  return length;
}
