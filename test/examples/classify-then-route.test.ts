import { run } from 'millrace';
import { scripted } from 'millrace/testing';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { classifyThenRoute } from '../../examples/classify-then-route.ts';

/** Labels questions where it is asked for a label, and answers them else. */
const small = () =>
  scripted(({ schema, messages }) => {
    if (schema === undefined) return 'from the small model';
    return messages.at(-1)?.content === 'Capital?' ? '"simple"' : '"complex"';
  });

describe('classify-then-route', () => {
  it('sends simple questions to one model and complex ones to the other, in their order', () => {
    const models = { small: small(), large: scripted('from the large model') };
    const answers: unknown[] = [];
    of('Capital?\n\nExplain the sky.\nCapital?')
      .pipe(classifyThenRoute.workflow(models))
      .subscribe((answer) => answers.push(answer));
    expect(answers).toEqual(['from the small model', 'from the large model', 'from the small model']);
    expect(models.large.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual([
      expect.stringContaining('Explain the sky.'),
    ]);
  });

  it('shows the routes to a run', () => {
    const models = { small: small(), large: scripted('from the large model') };
    const running = run(classifyThenRoute.workflow(models), 'Explain the sky.\nCapital?');
    const labels: string[] = [];
    running.events.subscribe((event) => event.type === 'route' && labels.push(event.label));
    running.subscribe();
    expect(labels).toEqual(['complex', 'simple']);
  });
});
