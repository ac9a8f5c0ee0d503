import type { Tokenizer } from '../tokenizer.ts';

/** How a model writes its calls: as JSON objects, bare or between special tokens. */
export type ToolFormat = {
  /** The tokens around the calls. Without them a call is a bare JSON object at the beginning of the turn. */
  readonly markers?: { readonly begin: string; readonly end: string };
  /** Whether the calls between the markers stand in a JSON list. */
  readonly list: boolean;
};

/** The formats with tokens of their own: of Qwen, Hermes and their kin; of Phi-4-mini. */
const marked: readonly ToolFormat[] = [
  { markers: { begin: '<tool_call>', end: '</tool_call>' }, list: false },
  { markers: { begin: '<|tool_call|>', end: '<|/tool_call|>' }, list: true },
];

const bare: ToolFormat = { list: false };

/** Recognises the format by the tokens that the model has. */
export const toolFormatOf = ({ idOf }: Pick<Tokenizer, 'idOf'>): ToolFormat =>
  marked.find(({ markers }) => markers && idOf(markers.begin) !== undefined && idOf(markers.end) !== undefined) ?? bare;
