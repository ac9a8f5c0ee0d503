import type { ChatCall } from './chat-chunk.ts';
import { isJson } from './is-json.ts';

/** A call as far as it has come. */
type OpenCall = {
  readonly id: string;
  /** Where the server says it stands. */
  readonly place: number | undefined;
  name: string;
  text: string;
  /** Whether it has been told of, which waits for the name. */
  told: boolean;
};

/** A piece of a call in our words. */
type Piece = { readonly id: string; readonly place: number | undefined; readonly name: string; readonly text: string };

/**
 * Puts calls together from the pieces that servers send. A call is known by its id, else by its index; a piece with neither
 * goes on with the last one. Servers number all calls 0, repeat or leave out ids, and send arguments as an object.
 */
export class CallGatherer {
  readonly #calls: OpenCall[] = [];

  get size(): number {
    return this.#calls.length;
  }

  /** What is new: which call, from 0, its name where this is its first piece, and the JSON text to append. */
  take(call: ChatCall): { readonly index: number; readonly name?: string; readonly text: string } | undefined {
    const piece = read(call);
    const open = this.#callOf(piece);
    // Some servers end with all of the call once more.
    const added = open.text === piece.text && isJson(open.text) ? '' : piece.text;
    open.text += added;
    open.name ||= piece.name;
    if (open.name === '' || (open.told && added === '')) return undefined;
    const index = this.#calls.indexOf(open);
    if (open.told) return { index, text: added };
    open.told = true;
    return { index, name: open.name, text: open.text };
  }

  /** The calls, with their arguments parsed where they are JSON. One that the answer's end has cut off is none. */
  end(cut: boolean): readonly { readonly id: string; readonly name: string; readonly arguments: unknown }[] {
    const whole = this.#calls.filter((call) => !cut || call !== this.#calls.at(-1) || isJson(call.text));
    return whole.map(({ id, name, text }) => ({ id, name, arguments: argumentsOf(text) }));
  }

  #callOf(piece: Piece): OpenCall {
    const { id, place, name } = piece;
    const named = id === '' ? undefined : this.#calls.findLast((call) => call.id === id);
    const placed = place === undefined ? undefined : this.#calls.findLast((call) => call.place === place);
    const meant = named ?? placed;
    if (meant) return begins(piece, meant) ? this.#add(piece) : meant;
    const stray = name === '' && (id === '' || place === undefined);
    return (stray && this.#calls.at(-1)) || this.#add(piece);
  }

  #add({ id, place, name }: Piece): OpenCall {
    const call: OpenCall = { id, place, name, text: '', told: false };
    this.#calls.push(call);
    return call;
  }
}

const read = ({ id, index, function: called }: ChatCall): Piece => {
  const given = called?.arguments;
  return {
    id: typeof id === 'string' ? id : '',
    place: typeof index === 'number' ? index : undefined,
    name: typeof called?.name === 'string' ? called.name : '',
    text: typeof given === 'string' ? given : given == null ? '' : JSON.stringify(given),
  };
};

/** Whether a piece that has the id or the place of a call begins another one all the same. */
const begins = ({ id, place, name, text }: Piece, call: OpenCall): boolean => {
  if (name === '') return false;
  if (id !== '' && call.id !== '' && id !== call.id) return true;
  if (!isJson(call.text)) return false;
  // The same id at the same place is more of the call, or all of it once more.
  if (id !== '' && place === call.place) return false;
  return text !== '' || name !== call.name;
};

const argumentsOf = (text: string): unknown => {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return text;
  }
};
