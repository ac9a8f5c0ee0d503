import { WorkflowError } from './workflow-error.ts';

/** The model reached `maxTokens` before its JSON answer was whole. */
export class TruncatedError extends WorkflowError {
  /** The answer up to there. */
  readonly text: string;
  /** Tokens that the answer took. */
  readonly tokens: number;

  constructor(text: string, tokens: number) {
    super('truncated', `Expected a whole JSON answer, received its first ${tokens} tokens: raise \`maxTokens\``);
    this.text = text;
    this.tokens = tokens;
  }
}
