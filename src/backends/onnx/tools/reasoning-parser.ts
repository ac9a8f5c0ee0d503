import { MarkerSplitter, type Piece } from '../marker-splitter.ts';
import type { OutputParser, ParsedEvent } from '../output-parser.ts';

const begin = '<think>';
const end = '</think>';

/**
 * Takes what stands between `<think>` and `</think>` for reasoning, and hands the rest to another parser.
 *
 * @param answer Reads what is not reasoning.
 * @param thinking Whether the prompt ends within `<think>` already.
 */
export const reasoningParser = (answer: OutputParser, thinking: boolean): OutputParser => {
  const splitter = new MarkerSplitter([begin, end]);
  let open = thinking;

  const read = ({ marker, text }: Piece): readonly ParsedEvent[] => {
    if (!marker) return open ? [{ type: 'reasoning', text }] : answer.push(text);
    open = text === begin;
    return [];
  };

  return {
    markers: [begin, end, ...(answer.markers ?? [])],
    push: (text) => splitter.push(text).flatMap(read),
    end: () => [...splitter.end().flatMap(read), ...answer.end()],
  };
};
