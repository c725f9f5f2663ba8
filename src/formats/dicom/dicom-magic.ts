// How DICOM files begin, and are named.

const preambleBytes = 128;

/** PS3.10, 7.1: a preamble of 128 bytes, then "DICM". */
export const dicomMagicBytes = preambleBytes + 4;

/** Names that DICOM files have: an extension, none, or the UID of the instance. */
export const dicomName = /\.(dcm|dicom|dic|ima)$|^[^.]+$|^[\d.]+$/i;

/** Whether the first bytes (132 or more) are those of a DICOM file. */
export function looksLikeDicom(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(preambleBytes, dicomMagicBytes)).toString('latin1') === 'DICM';
}
