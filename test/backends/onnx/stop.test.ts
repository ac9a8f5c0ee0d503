import { describe, expect, it } from 'vitest';
import { Stop } from '../../../src/backends/onnx/stop.ts';

/** What is shown of a text that comes in pieces, and whether a stop text ended it. */
const show = (stops: readonly string[], pieces: readonly string[]) => {
  const stop = new Stop(stops);
  const shown = pieces.map((piece) => stop.push(piece));
  return { shown, rest: stop.end(), found: stop.found };
};

describe('Stop', () => {
  it('shows everything at once where there is nothing to look for', () => {
    expect(show([], ['a', 'b'])).toEqual({ shown: ['a', 'b'], rest: '', found: false });
  });

  it('ends the text before the stop text', () => {
    expect(show(['END'], ['one END two', 'three'])).toEqual({ shown: ['one ', ''], rest: '', found: true });
  });

  it('never shows the beginning of a stop text that straddles pieces', () => {
    expect(show(['</s>'], ['one<', '/', 's', '>two'])).toEqual({ shown: ['one', '', '', ''], rest: '', found: true });
  });

  it('shows what was held back as soon as it cannot become a stop text', () => {
    expect(show(['</s>'], ['a<', '/', 'b', 'c'])).toEqual({ shown: ['a', '', '</b', 'c'], rest: '', found: false });
  });

  it('holds back no more than could be a beginning', () => {
    expect(show(['aab'], ['a', 'a', 'a', 'b'])).toEqual({ shown: ['', '', 'a', ''], rest: '', found: true });
  });

  it('gives what was held back at the end', () => {
    expect(show(['stop'], ['sto'])).toEqual({ shown: [''], rest: 'sto', found: false });
  });

  it('ends at the first of several stop texts', () => {
    expect(show(['\n\n', '.'], ['one. two\n\n'])).toEqual({ shown: ['one'], rest: '', found: true });
  });

  it('finds the same end however the text is cut', () => {
    const text = 'the quick brown fox jumps';
    for (let first = 0; first < text.length; first++) {
      for (let second = first; second < text.length; second++) {
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        expect(show(['fox', 'own f'], pieces).shown.join('')).toBe('the quick br');
      }
    }
  });
});
