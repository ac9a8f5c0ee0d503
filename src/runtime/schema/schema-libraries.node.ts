import { createRequire } from 'node:module';
import type { SchemaLibraries } from './schema-libraries.ts';

const require = createRequire(import.meta.url);
let libraries: SchemaLibraries | undefined;

/** Gives what schemas are compiled with. Loads it at the first schema, since a program without one need not wait. */
export const schemaLibraries = (): SchemaLibraries => {
  libraries ??= {
    Ajv: require('ajv').Ajv,
    Ajv2020: require('ajv/dist/2020.js').Ajv2020,
    MissingRefError: require('ajv').MissingRefError,
    code: require('ajv')._,
    formats: require('ajv-formats/dist/formats.js').fullFormats,
    parsePattern: require('regjsparser').parse,
  };
  return libraries;
};
