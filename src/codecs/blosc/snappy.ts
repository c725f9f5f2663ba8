// Snappy blocks, without frames around them: the length of the output, then literals and copies.
import { ByteInput, ByteOutput } from '../byte-window.js';

/** Fills `target` with what a block holds; throws where that is anything but its length, or the block is damaged. */
export function decodeSnappy(block: Uint8Array, target: Uint8Array): void {
  const input = new ByteInput(block);
  const output = new ByteOutput(target);
  const told = varint(input);
  if (told !== target.length) throw new Error(`expected ${target.length} bytes, it announces ${told}`);
  while (!input.ended) {
    const tag = input.next();
    const upper = tag >> 2;
    switch (tag & 3) {
      case 0:
        output.take(input, 1 + (upper < 60 ? upper : wide(input, upper - 59)));
        break;
      case 1:
        output.repeat(((tag >> 5) << 8) + input.next(), 4 + (upper & 7));
        break;
      case 2:
        output.repeat(input.little(2), 1 + upper);
        break;
      default:
        output.repeat(input.little(4), 1 + upper);
    }
  }
  output.finish();
}

function wide(input: ByteInput, bytes: number): number {
  return bytes === 1 ? input.next() : input.little(bytes as 2 | 3 | 4);
}

/** Seven bits a byte, the low ones first. */
function varint(input: ByteInput): number {
  let value = 0;
  for (let factor = 1; factor < 2 ** 35; factor *= 128) {
    const byte = input.next();
    value += (byte & 127) * factor;
    if (byte < 128) break;
  }
  return value;
}
