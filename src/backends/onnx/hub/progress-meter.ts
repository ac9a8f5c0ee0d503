import type { DownloadProgress } from '../../../runtime/download-progress.ts';

/** Milliseconds between two reports. */
const interval = 100;
/** Milliseconds over which the speed is taken. */
const span = 3000;

/** Adds up how much of a model's files is there, and reports it ten times a second as long as it changes. */
export class ProgressMeter {
  readonly #report: (progress: DownloadProgress) => void;
  readonly #timer = setInterval(() => this.#tell(), interval);
  readonly #sizes = new Map<string, number>();
  readonly #lengths = new Map<string, number>();
  /** Bytes that had come over the line by then, the oldest first. */
  #samples: { readonly at: number; readonly received: number }[] = [{ at: performance.now(), received: 0 }];
  #received = 0;
  #told: DownloadProgress;

  constructor(model: string, report: (progress: DownloadProgress) => void) {
    this.#told = { model, loaded: 0, total: 0, speed: 0 };
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
  }

  /** Bytes that are not here yet. */
  get missing(): number {
    return this.#total - this.#loaded;
  }

  /** Reports a last time. To be called in any case. */
  stop(): void {
    clearInterval(this.#timer);
    this.#tell();
  }

  #tell(): void {
    const before = this.#told;
    const now = { model: before.model, loaded: this.#loaded, total: this.#total, speed: this.#speed() };
    if (now.loaded === before.loaded && now.total === before.total && now.speed === before.speed) return;
    this.#told = now;
    this.#report(now);
  }

  get #loaded(): number {
    return sum(this.#lengths.values());
  }

  get #total(): number {
    const paths = new Set([...this.#sizes.keys(), ...this.#lengths.keys()]);
    return sum([...paths].map((path) => this.#sizes.get(path) ?? this.#lengths.get(path) ?? 0));
  }

  #speed(): number {
    const last = { at: performance.now(), received: this.#received };
    this.#samples.push(last);
    this.#samples = this.#samples.filter(({ at }) => at >= last.at - span);
    const [first = last] = this.#samples;
    return last.at === first.at ? 0 : Math.round(((last.received - first.received) / (last.at - first.at)) * 1000);
  }
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
