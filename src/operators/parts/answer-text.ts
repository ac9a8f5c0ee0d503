import { isInferenceEvent } from '../../runtime/is-inference-event.ts';

/** The text of an answer as it stands, of whatever passes: what is no event of a model counts for nothing. */
export class AnswerText {
  text = '';

  readonly take = (value: unknown): void => {
    if (!isInferenceEvent(value)) return;
    if (value.type === 'token') this.text += value.text;
    if (value.type === 'retract' || value.type === 'tool-result') this.text = '';
  };
}
