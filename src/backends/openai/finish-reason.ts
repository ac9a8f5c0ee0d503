import type { FinishReason } from '../../runtime/inference-event.ts';
import { ChatFailure } from './chat-failure.ts';

/**
 * What a server's word for the end of an answer means. Words that are not known mean a good end.
 *
 * @throws ChatFailure where the answer was withheld, or broke off.
 */
export const finishReason = (word: string, calls: boolean): FinishReason => {
  if (/filter|sensitive|safety|prohibited|block|recitation|policy|refusal/i.test(word)) {
    throw new ChatFailure('Expected the whole answer, received one that the server withholds', {
      retryable: false,
      said: word,
    });
  }
  if (/error|abort|cancel|insufficient|overload|time_?out|fail|malformed/i.test(word)) {
    throw new ChatFailure('Expected the whole answer, received one that broke off', { retryable: true, said: word });
  }
  if (/length|max_?(output_?)?tokens/i.test(word)) return 'length';
  return calls ? 'tool-calls' : 'stop';
};
