/**
 * Bytes, all 0, fresh from the system: what is never written to takes no memory, and all of it goes back at once when nobody
 * has it any more, where other memory stays with the C library in pieces. Reading single numbers of it is twice as slow.
 */
export const sparseBytes = (length: number): Uint8Array<ArrayBuffer> =>
  // Only a buffer that could be resized is mapped by itself; others may be old memory that is overwritten with 0 first.
  new Uint8Array(new ArrayBuffer(length, { maxByteLength: length }), 0, length);
