// BloscLZ streams, Blosc's own variant of FastLZ: a control byte starts either a run of literals or a match.
import { ByteInput, ByteOutput } from '../byte-window.js';

/** Distances above this one take two bytes more. */
const nearDistance = 8191;

/** Fills `target` with what a stream holds; throws where that is anything but its length, or the stream is damaged. */
export function decodeBloscLz(stream: Uint8Array, target: Uint8Array): void {
  const input = new ByteInput(stream);
  const output = new ByteOutput(target);
  // The first control byte can't be a match: its upper bits name the variant.
  let control = input.next() & 31;
  for (;;) {
    if (control < 32) output.take(input, control + 1);
    else repeat(control, input, output);
    if (input.ended) break;
    control = input.next();
  }
  output.finish();
}

function repeat(control: number, input: ByteInput, output: ByteOutput): void {
  let length = (control >> 5) - 1;
  if (length === 6) {
    for (let more = 255; more === 255; length += more) more = input.next();
  }
  const high = (control & 31) << 8;
  const low = input.next();
  const near = high + low;
  const far = near === nearDistance ? 256 * input.next() + input.next() : 0;
  output.repeat(near + far + 1, length + 3);
}
