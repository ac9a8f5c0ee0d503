import { MarkerSplitter, type Piece } from '../marker-splitter.ts';
import type { OutputParser, ParsedEvent } from '../output-parser.ts';
import { CallReader } from './call-reader.ts';
import type { ToolFormat } from './tool-format.ts';

/**
 * Turns a model's own way of writing calls into events while it writes, so that no piece of a call shows as text.
 *
 * @param format How this model writes calls.
 * @param idOf Gives the id of the n-th call of the turn, from 0.
 */
export const toolCallParser = (format: ToolFormat, idOf: (index: number) => string): OutputParser =>
  format.markers === undefined ? bareParser(idOf) : markedParser(format.markers, idOf);

const markedParser = (
  { begin, end }: NonNullable<ToolFormat['markers']>,
  idOf: (index: number) => string,
): OutputParser => {
  const splitter = new MarkerSplitter([begin, end]);
  const calls = new CallReader(idOf);
  let calling = false;
  // White space around calls belongs to the way of writing, not to the answer: it waits until an answer goes on.
  let space = '';

  const read = ({ marker, text }: Piece): readonly ParsedEvent[] => {
    if (marker) {
      calling = text === begin;
      space = '';
      return [];
    }
    if (calling) return calls.push(text);
    const shown = (space + text).trimEnd();
    space = (space + text).slice(shown.length);
    return shown === '' ? [] : [{ type: 'token', text: shown }];
  };

  return {
    markers: [begin, end],
    push: (text) => splitter.push(text).flatMap(read),
    end: () => {
      const last = splitter.end().flatMap(read);
      return space === '' || calls.seen ? last : [...last, { type: 'token', text: space }];
    },
  };
};

/** A turn is a call where it begins with a brace, and an answer otherwise. */
const bareParser = (idOf: (index: number) => string): OutputParser => {
  const calls = new CallReader(idOf);
  let kind: 'call' | 'answer' | undefined;
  let begun = '';
  return {
    push: (text) => {
      begun = kind === undefined ? begun + text : text;
      if (begun === '' || (kind === undefined && begun.trim() === '')) return [];
      kind ??= begun.trimStart().startsWith('{') ? 'call' : 'answer';
      return kind === 'call' ? calls.push(begun) : [{ type: 'token', text: begun }];
    },
    end: () => (kind === undefined && begun !== '' ? [{ type: 'token', text: begun }] : []),
  };
};
