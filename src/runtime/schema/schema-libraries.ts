import { _, Ajv, MissingRefError } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import regjsparser from 'regjsparser';

/** What schemas are compiled with. */
export type SchemaLibraries = {
  readonly Ajv: typeof Ajv;
  readonly Ajv2020: typeof Ajv2020;
  readonly MissingRefError: typeof MissingRefError;
  /** Writes the code of a keyword of our own. */
  readonly code: typeof _;
  readonly formats: typeof fullFormats;
  readonly parsePattern: typeof regjsparser.parse;
};

const libraries: SchemaLibraries = {
  Ajv,
  Ajv2020,
  MissingRefError,
  code: _,
  formats: fullFormats,
  parsePattern: regjsparser.parse,
};

/** Gives what schemas are compiled with. */
export const schemaLibraries = (): SchemaLibraries => libraries;
