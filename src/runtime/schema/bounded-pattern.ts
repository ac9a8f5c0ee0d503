import type { Spend } from './allowance.ts';
import { patternGrowth } from './pattern-growth.ts';

/** The steepest growth that is taken: with the fourth power, a text of 200 characters is still checked at once. */
const steepest = 4;

/** A `pattern` of a schema, which takes note of the steps that each test may need, and refuses to need too many. */
export class BoundedPattern extends RegExp {
  readonly #growth: number;
  readonly #spend: Spend;

  /**
   * @param judging Told of the work of judging the pattern.
   * @param testing Told, before each test, of the most steps that it can take.
   * @throws RangeError when the pattern can make a matcher run for ages.
   */
  constructor(pattern: string, judging: Spend, testing: Spend) {
    super(pattern, 'u');
    this.#growth = growthOf(pattern, judging);
    this.#spend = testing;
    if (this.#growth > steepest) {
      throw new RangeError(
        `Expected a pattern that is matched quickly, received ${JSON.stringify(pattern)}, whose time grows ${pace(this.#growth)} with the text: make its repetitions match different characters`,
      );
    }
  }

  override test(text: string): boolean {
    this.#spend(text.length ** this.#growth / (waysOf[this.#growth] as number));
    return super.test(text);
  }
}

/** A text of n characters has n to the power of k, divided by this, choices of k places in order. */
const waysOf = [1, 1, 1, 2, 6];

const growthOf = (pattern: string, judging: Spend): number => {
  try {
    return patternGrowth(pattern, judging);
  } catch (cause) {
    const start = JSON.stringify(pattern.slice(0, 60));
    throw new RangeError(`Expected patterns small enough to be judged, received too much at ${start}: shorten it`, {
      cause,
    });
  }
};

const pace = (growth: number): string =>
  growth === Number.POSITIVE_INFINITY ? 'exponentially' : `as its power of ${growth}`;
