import { scripted } from 'millrace/testing';
import { of } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { outbox, tools } from '../../examples/tools.ts';

const call = (name: string, args: unknown) => [
  { type: 'tool-call', call: { id: name, name, arguments: args } } as const,
];

describe('tools', () => {
  beforeEach(() => {
    outbox.length = 0;
  });

  it('looks the product up, and lets the model answer from what was found', () => {
    const model = scripted((_, index) => (index === 0 ? call('search_db', { query: 'X200' }) : 'Yes, 14 of them.'));
    const answers: unknown[] = [];
    of('Is the X200 in stock?')
      .pipe(tools.workflow({ small: model, large: model }))
      .subscribe((answer) => answers.push(answer));
    expect(answers).toEqual(['Yes, 14 of them.']);
    expect(model.requests[0]?.toolChoice).toBe('required');
    expect(model.requests[1]?.toolChoice).toBeUndefined();
    expect(model.requests[0]?.tools?.map(({ name }) => name)).toEqual(['search_db', 'send_email']);
    const result = model.requests[1]?.messages.at(-1);
    expect(result).toMatchObject({ role: 'tool', toolCallId: 'search_db' });
    expect(result?.content).toBe('The X200 (headphones) costs 79 euros. 14 are in stock.');
  });

  it.each([
    ['x200 in stock', /^The X200 .*$/],
    ['headphones', /^The X100 .* It is not in stock.\nThe X200 .* 14 are in stock.$/],
    ['X300', /^There is no such product.$/],
  ])('finds for %j', (query, found) => {
    const model = scripted((_, index) => (index === 0 ? call('search_db', { query }) : 'Done.'));
    of('question')
      .pipe(tools.workflow({ small: model, large: model }))
      .subscribe();
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(found);
  });

  it('puts an email into the outbox, and refuses one without a subject', () => {
    const email = { to: 'ann@example.com', subject: 'X200', body: 'It is in stock.' };
    const { subject: _, ...incomplete } = email;
    const script = [call('send_email', incomplete), call('send_email', email), 'Sent.'];
    const model = scripted((_, index) => script[index] ?? 'Done.');
    of('Write to ann@example.com')
      .pipe(tools.workflow({ small: model, large: model }))
      .subscribe();
    expect(outbox).toEqual([email]);
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(/subject/);
  });
});
