import type { FinishEvent, RunEvent, ToolCall } from 'millrace';
import { type Figures, figuresOf, showFigures } from './figures.ts';
import { formatValue } from './format-value.ts';
import type { Block, Screen } from './screen.ts';
import { showDownload } from './show-download.ts';

/** Tells on a screen what happens in a run: feed it the run's events. */
export class Narrator {
  readonly #screen: Screen;
  /** By step; an empty list keeps the place of a request that has not finished. */
  readonly #figures = new Map<string, readonly Figures[]>();
  readonly #blocks = new Map<string, { readonly block: Block; readonly title: string }>();
  readonly #times = new Map<string, number>();
  /** By step, which of its calls is being written out piece by piece. */
  readonly #spelling = new Map<string, number>();

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** What the requests that have finished cost, in the order in which they began. */
  get figures(): readonly Figures[] {
    return [...this.#figures.values()].flat();
  }

  /** Tells one event. */
  tell(event: RunEvent): void {
    if (event.kind === 'model' && event.type === 'start') this.#open(event);
    if (event.type === 'route') this.#screen.print(`  → ${event.label}`, 'route');
    if (event.type === 'reject') this.#screen.print(`  ✗ rejected: ${event.reason}`, 'bad');
    if (event.type === 'tool-result') this.#result(event.call, event.output);
    const open = this.#blocks.get(event.step);
    if (open) this.#write(event, open.block, open.title);
  }

  #open(event: RunEvent): void {
    const name = event.path.join(' › ') || event.name;
    const time = (this.#times.get(name) ?? 0) + 1;
    this.#times.set(name, time);
    const title = time === 1 ? name : `${name} #${time}`;
    this.#figures.set(event.step, []);
    this.#blocks.set(event.step, { block: this.#screen.open(title), title });
  }

  #write(event: RunEvent, block: Block, title: string): void {
    if (event.type === 'download') block.status(showDownload(event));
    if (event.type === 'token') block.write(event.text);
    if (event.type === 'reasoning') block.write(event.text, 'note');
    if (event.type === 'tool-call-delta') this.#spell(event, block);
    if (event.type === 'tool-call' && !this.#spelling.has(event.step)) block.line(showCall(event.call), 'call');
    if (event.type === 'attempt') block.line(`✗ ${event.backend} failed: ${(event.error as Error).message}`, 'bad');
    if (event.type === 'retract') block.line('✗ retracted: what stands above does not count', 'bad');
    if (event.type === 'finish') this.#finish(event, block, title);
    if (event.type === 'error') block.line('✗ failed', 'bad');
    if (event.type === 'complete' || event.type === 'error' || event.type === 'cancel') {
      block.end();
      this.#blocks.delete(event.step);
    }
  }

  #spell(event: RunEvent & { readonly type: 'tool-call-delta' }, block: Block): void {
    const before = this.#spelling.get(event.step);
    this.#spelling.set(event.step, event.index);
    const start = event.tool === undefined ? '' : `${before === undefined ? '' : '\n'}${event.tool} `;
    block.write(start + event.arguments, 'call');
  }

  #finish(event: RunEvent & FinishEvent, block: Block, title: string): void {
    const figures = figuresOf(title, event);
    this.#figures.set(event.step, [figures]);
    block.line(`${showFigures(figures)}${event.reason === 'length' ? ' · cut at its token limit' : ''}`, 'note');
  }

  #result(call: ToolCall, output: string): void {
    const block = this.#screen.open(showCall(call));
    block.line(formatValue(output), 'good');
    block.end();
  }
}

const showCall = ({ name, arguments: given }: ToolCall): string =>
  `${name} ${typeof given === 'string' ? given : JSON.stringify(given)}`;
