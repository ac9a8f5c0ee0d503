import type { Message } from './message.ts';
import { WorkflowError } from './workflow-error.ts';

/** A model still calls tools after `maxRounds` rounds. */
export class ToolRoundsError extends WorkflowError {
  /** The conversation so far, the last results included. */
  readonly messages: readonly Message[];
  readonly rounds: number;

  constructor(messages: readonly Message[], rounds: number) {
    super('tool-rounds', `Expected an answer within ${rounds} rounds of tool calls, received another call`);
    this.messages = messages;
    this.rounds = rounds;
  }
}
