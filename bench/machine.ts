import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { peerEntry } from './peer-entry.ts';

const packages = ['rxjs', 'onnxruntime-node', '@huggingface/transformers'];
const peers = ['node-llama-cpp', 'ai', '@langchain/core', '@langchain/langgraph', 'effect'];

/** The version of a package, by the path of its entry. */
const versionOf = (name: string, entry: string): string => {
  const folder = entry.replace(new RegExp(`(.*/node_modules/${name})/.*`), '$1');
  return `${name} ${JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version}`;
};

/** The machine and the versions, in one line. */
export const machine = (): string => {
  const [core] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const { resolve } = createRequire(import.meta.url);
  const versions = packages.map((name) => versionOf(name, resolve(name)));
  for (const name of peers) {
    const entry = peerEntry(name);
    if (entry !== undefined) versions.push(versionOf(name, entry));
  }
  return [`${cpus().length} × ${core?.model}`, memory, process.platform, `Node ${process.version}`, ...versions].join(
    ' · ',
  );
};
