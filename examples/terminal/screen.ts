import type { Tone } from './paint.ts';

/** Something under a title that is still being written. */
export interface Block {
  /** Adds text after what is there; text in another tone begins on a new line. */
  write(text: string, tone?: Tone): void;
  /** Adds a line of its own. */
  line(text: string, tone: Tone): void;
  /**
   * Shows a line at the end of what is there until something is written or another such line comes. A screen that only
   * ever adds leaves it out.
   */
  status(text: string): void;
  /** Nothing more will come. */
  end(): void;
}

/**
 * Where a tour is shown. Several blocks may be open at once; all that is printed stays in the order in which it was
 * begun, and nothing of it is lost.
 */
export interface Screen {
  /** How many columns a line may take; `Infinity` where nothing limits it. */
  readonly columns: number;
  open(title: string): Block;
  /** A line outside of any block; an empty one parts what stands above from what comes below. */
  print(text?: string, tone?: Tone): void;
  /** Leaves the terminal as it was, with all that was written on it, also of blocks that are still open. */
  close(): void;
}
