import { inferJson, inferText, step, type Verdict, verify as withCheck } from 'millrace';
import { concatMap, map, of } from 'rxjs';
import type { Example } from './example.ts';

const mentions = { type: 'array', items: { type: 'string', maxLength: 40 }, minItems: 1, maxItems: 4 } as const;

/** Whether these words stand in a text, one after another. */
const stands = (words: string, text: string): boolean => {
  const plain = (value: string) =>
    ` ${
      value
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu)
        ?.join(' ') ?? ''
    } `;
  return plain(text).includes(plain(words));
};

/** What a summary mentions must stand in the text. */
const judge = (text: string, summary: string, mentioned: readonly string[]): Verdict => {
  const strays = new Set(mentioned.filter((words) => stands(words, summary) && !stands(words, text)));
  return { accepted: strays.size === 0, reason: `leave out ${[...strays].join(' or ')}` };
};

/** A second call reads what the first has written, and sends it back where it mentions what the text does not. */
export const verify: Example = {
  name: 'verify',
  about: 'a summary, checked by a second call and sent back with the reason until it passes',
  roles: ['small', 'large'],
  input: 'lego.txt',
  workflow: ({ small, large }) =>
    concatMap((text) => {
      const write = inferText(small, (source: string) => `${source}\n\nSummarize this text in one sentence.`, {
        maxTokens: 48,
      });
      const list = inferJson(
        large,
        mentions,
        (summary: string) => `${summary}\n\nList the names and numbers in this sentence.`,
        {
          maxTokens: 100,
        },
      );
      const check = concatMap((summary: string) =>
        of(summary).pipe(
          step('check', list),
          map((mentioned) => judge(text, summary, mentioned)),
        ),
      );
      const repair = inferText(
        small,
        ({ reason }: { reason: string }) => `${text}\n\nWrite one sentence with these facts, but ${reason}.`,
        { maxTokens: 48 },
      );
      return of(text).pipe(step('write', write), withCheck(check, { repair: step('repair', repair), attempts: 4 }));
    }),
};
