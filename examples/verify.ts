import { inferJson, inferText, step, type Verdict, verify } from 'millrace';
import { concatMap, map, of } from 'rxjs';
import type { Example } from './example.ts';

const names = { type: 'array', items: { type: 'string', maxLength: 40 }, minItems: 1, maxItems: 4 } as const;

const plain = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

const stands = (words: string, text: string): boolean => plain(text).includes(plain(words));

/** What a summary names has to stand in the text. */
const judge = (text: string, summary: string, named: readonly string[]): Verdict => {
  const strays = new Set(named.filter((words) => stands(words, summary) && !stands(words, text)));
  return { accepted: strays.size === 0, reason: `leave out ${[...strays].join(' or ')}` };
};

/** A second call reads what the first has written, and sends it back where it names what the text does not. */
export const verification: Example = {
  name: 'verify',
  about: 'a summary, checked by a second call and sent back with the reason until it passes',
  roles: ['small', 'large'],
  input: 'lego.txt',
  workflow: ({ small, large }) => {
    const list = inferJson(large, names, (summary) => `${summary}\n\nList the names and numbers in this sentence.`);

    return concatMap((text) =>
      of(`${text}\n\nSummarize this text in one sentence.`).pipe(
        step('write', inferText(small, { maxTokens: 48 })),
        verify(
          concatMap((summary) =>
            of(summary).pipe(
              step('check', list),
              map((named) => judge(text, summary, named)),
            ),
          ),
          {
            repair: step(
              'repair',
              inferText(small, ({ reason }) => `${text}\n\nWrite one sentence with these facts, but ${reason}.`, {
                maxTokens: 48,
              }),
            ),
            attempts: 4,
          },
        ),
      ),
    );
  },
};
