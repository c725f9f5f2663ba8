// Huffman tables as a stream carries them (ITU-T T.81, B.2.4.2), and those of annex K.
import { SlideError } from '../errors.js';

export type HuffmanSpec = {
  /** BITS: how many codes have 1, 2, … 16 bits. */
  readonly counts: Uint8Array;
  /** HUFFVAL: the symbols in order of their codes. */
  readonly symbols: Uint8Array;
  /** Equal for tables of equal content and for no others. */
  readonly key: string;
};

/** The table at the start of `bytes`, BITS then HUFFVAL; throws `damaged` where there is none. */
export function readHuffmanSpec(bytes: Uint8Array): HuffmanSpec {
  let count = 0;
  let code = 0;
  for (let i = 0; i < 16; i++) {
    count += bytes[i];
    code = 2 * code + bytes[i];
    // The code of all ones is kept free (C.2), so fewer than 2^n codes have n bits.
    if (code >= 2 << i)
      throw new SlideError('damaged', 'damaged JPEG stream: a Huffman table has more codes than there can be');
  }
  const length = 16 + count;
  if (count > 256 || !(length <= bytes.length))
    throw new SlideError('damaged', 'damaged JPEG stream: a Huffman table is cut off');
  // A copy: what is parsed outlives the stream.
  const copy = new Uint8Array(bytes.subarray(0, length));
  return { counts: copy.subarray(0, 16), symbols: copy.subarray(16), key: Buffer.from(copy).toString('latin1') };
}

/** The tables nearly every encoder writes that does not compute its own (K.3). Their codes cover all that an 8-bit stream can hold. */
export const standardTables = {
  lumaDc: fromHex('00010501010101010100000000000000 000102030405060708090a0b'), // table K.3
  chromaDc: fromHex('00030101010101010101010000000000 000102030405060708090a0b'), // table K.4
  // table K.5
  lumaAc: fromHex(`0002010303020403050504040000017d
    01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a
    434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aa
    b2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa`),
  // table K.6
  chromaAc: fromHex(`00020102040403040705040400010277
    000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a
    434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9
    aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa`),
} as const;

function fromHex(digits: string): HuffmanSpec {
  return readHuffmanSpec(Buffer.from(digits.replaceAll(/\s/g, ''), 'hex'));
}
