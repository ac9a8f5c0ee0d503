import type { OutputParser } from './output-parser.ts';
import { plainParser } from './plain-parser.ts';
import { reasoningParser } from './tools/reasoning-parser.ts';
import { toolCallParser } from './tools/tool-call-parser.ts';
import type { ToolFormat } from './tools/tool-format.ts';

/** How an answer is read, as plain data. */
export type ParserPlan = {
  /** How the model writes calls; without it nothing is read as a call. */
  readonly calls?: ToolFormat;
  /** Whether the answer begins within the model's reasoning; absent for a model that does not reason. */
  readonly thinking?: boolean;
};

/**
 * Makes the parser of one answer.
 *
 * @param request The request's id, of which those of its calls are made.
 */
export const makeParser = ({ calls, thinking }: ParserPlan, request: string): OutputParser => {
  const parser = calls ? toolCallParser(calls, (index) => `${request}-call-${index}`) : plainParser();
  return thinking === undefined ? parser : reasoningParser(parser, thinking);
};
