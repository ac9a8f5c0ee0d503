import { pathToFileURL } from 'node:url';
import { peerEntry } from '../peer-entry.ts';

/** Imports a package that is installed beside the benches, as what is used of it. */
export const importPeer = async <Used>(name: string): Promise<Used> => {
  const entry = peerEntry(name);
  if (entry === undefined) throw new Error(`${name} is not installed: npm install --prefix bench`);
  return await import(pathToFileURL(entry).href);
};
