import type { DownloadProgress } from '../runtime/download-progress.ts';
import { showBytes } from './show-bytes.ts';
import type { Stage } from './stage.ts';

/** A line of a terminal that shows how far a download is. Anywhere else it shows nothing. */
export class ProgressLine {
  readonly #output: Stage['output'];
  #shown = false;

  constructor(output: Stage['output']) {
    this.#output = output;
  }

  readonly show = (progress: DownloadProgress): void => {
    if (!this.#output.isTTY) return;
    const columns = this.#output.columns ?? 80;
    this.#output.write(`\r\u001b[K${progressLine(progress).slice(0, Math.max(1, columns - 1))}`);
    this.#shown = true;
  };

  clear(): void {
    if (this.#shown) this.#output.write('\r\u001b[K');
    this.#shown = false;
  }
}

const width = 24;

/** `━━━━━━━━────────  34 %  292 MB of 859 MB  12 MB/s  47 s left` */
const progressLine = ({ loaded, total, speed }: DownloadProgress): string => {
  const share = total === 0 ? 0 : loaded / total;
  const done = Math.floor(share * width);
  const bar = '━'.repeat(done) + '─'.repeat(width - done);
  const left = speed === 0 ? '' : `  ${showBytes(speed)}/s  ${showTime((total - loaded) / speed)} left`;
  return `${bar}  ${Math.floor(share * 100)} %  ${showBytes(loaded)} of ${showBytes(total)}${left}`;
};

const showTime = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
