import { type MessagePort, parentPort } from 'node:worker_threads';
import type { GrammarSource } from '../grammar-source.ts';
import { plainError } from '../plain-error.ts';
import type { SchemaGrammar } from './schema-grammar.ts';
import { translate } from './translate.ts';

const port = parentPort as MessagePort;

const outcomeOf = (source: GrammarSource): SchemaGrammar | Error => {
  try {
    return translate(source);
  } catch (error) {
    return plainError(error);
  }
};

port.on('message', (source: GrammarSource) => port.postMessage(outcomeOf(source)));
