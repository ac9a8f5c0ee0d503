import { ReaderError } from 'millrace';
import { marbles } from 'millrace/testing';
import { timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { PullReader } from '../../src/readers/pull-reader.ts';

const settings = { highWaterMark: 4, idleTimeout: 5 };

describe('PullReader', () => {
  it(
    'gives up a reader who does not ask again in time',
    marbles(({ cold, expectSubscriptions, flush }) => {
      const source = cold('-a-b-c-d-e-');
      //                    first read at 0, the second at 4: b is there, and nobody asks after it
      const subscription = '^--------!';
      const errors: unknown[] = [];
      const reader = new PullReader(source, settings, (error) => errors.push(error));
      void reader.next();
      timer(4).subscribe(() => void reader.next());
      expectSubscriptions(source.subscriptions).toBe(subscription);
      flush();
      expect(errors).toHaveLength(1);
    }),
  );

  it('tells whoever it gave up why, if they ask after all', async () => {
    let late: unknown;
    marbles(({ cold, flush }) => {
      const reader = new PullReader(cold('-a-b-'), settings);
      void reader.next();
      flush();
      late = reader.next();
    })();
    await expect(late).rejects.toThrow(ReaderError);
  });

  it(
    'never gives up a reader who waits for the source',
    marbles(({ cold, expectSubscriptions, flush }) => {
      const source = cold('-a 20ms b|');
      const errors: unknown[] = [];
      const reader = new PullReader(source, settings, (error) => errors.push(error));
      void reader.next();
      timer(2).subscribe(() => void reader.next());
      timer(24).subscribe(() => void reader.next());
      expectSubscriptions(source.subscriptions).toBe('^ 21ms -!');
      flush();
      expect(errors).toEqual([]);
    }),
  );

  it(
    'counts from the last value that was taken, also behind the end of the source',
    marbles(({ cold, flush }) => {
      const source = cold('(ab|)');
      const errors: unknown[] = [];
      const reader = new PullReader(source, settings, (error) => errors.push(error));
      void reader.next();
      timer(4).subscribe(() => void reader.next());
      timer(8).subscribe(() => expect(errors).toEqual([]));
      timer(10).subscribe(() => expect(errors).toHaveLength(1));
      flush();
      expect(errors).toHaveLength(1);
    }),
  );

  it(
    'leaves no timer behind when the end was read or the reader left',
    marbles(({ cold, flush }) => {
      const errors: unknown[] = [];
      const ended = new PullReader(cold('(a|)'), settings, (error) => errors.push(error));
      void ended.next();
      void ended.next();
      const left = new PullReader(cold('ab'), settings, (error) => errors.push(error));
      void left.next();
      timer(2).subscribe(() => void left.return());
      flush();
      expect(errors).toEqual([]);
    }),
  );
});
