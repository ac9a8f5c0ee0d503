import type { DownloadProgress } from '../../../runtime/download-progress.ts';

/** Milliseconds between two reports. */
const interval = 100;
/** Milliseconds over which the speed is taken. */
const span = 3000;

/** Adds up how much of a model's files is there, and reports it now and then. */
export class ProgressMeter {
  readonly #model: string;
  readonly #report: (progress: DownloadProgress) => void;
  readonly #sizes = new Map<string, number>();
  readonly #lengths = new Map<string, number>();
  /** Bytes that came over the line by then, the oldest first. */
  #samples: { readonly at: number; readonly received: number }[] = [{ at: performance.now(), received: 0 }];
  #received = 0;
  #reported = Number.NEGATIVE_INFINITY;

  constructor(model: string, report: (progress: DownloadProgress) => void) {
    this.#model = model;
    this.#report = report;
  }

  /** A file belongs to the download. Without its size it counts as long as it is so far. */
  expect(path: string, size: number | undefined): void {
    if (size !== undefined) this.#sizes.set(path, size);
  }

  /** So many bytes of a file are there. The first time they were there before. */
  reach(path: string, length: number): void {
    this.#received += Math.max(0, length - (this.#lengths.get(path) ?? length));
    this.#lengths.set(path, length);
    if (performance.now() - this.#reported >= interval) this.tell();
  }

  /** Bytes that are not here yet. */
  get missing(): number {
    return this.#total - this.#loaded;
  }

  /** Reports now. */
  tell(): void {
    this.#reported = performance.now();
    this.#samples.push({ at: this.#reported, received: this.#received });
    const first = this.#samples.findIndex(({ at }) => at >= this.#reported - span);
    this.#samples = this.#samples.slice(first);
    this.#report({ model: this.#model, loaded: this.#loaded, total: this.#total, speed: this.#speed });
  }

  get #loaded(): number {
    return sum(this.#lengths.values());
  }

  get #total(): number {
    const paths = new Set([...this.#sizes.keys(), ...this.#lengths.keys()]);
    return sum([...paths].map((path) => this.#sizes.get(path) ?? this.#lengths.get(path) ?? 0));
  }

  get #speed(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at === first.at) return 0;
    return Math.round(((last.received - first.received) / (last.at - first.at)) * 1000);
  }
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
