import type { Message } from './message.ts';

/** What a model is asked: a string, which stands for one message of the user, or a whole conversation. */
export type Prompt = string | readonly Message[];
