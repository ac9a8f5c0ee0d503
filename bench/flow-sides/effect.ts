import type { FlowSide } from './flow-side.ts';
import { forAwait } from './for-await.ts';
import { importPeer } from './import-peer.ts';

/** What is used of `effect`, which need not be installed. */
type Effect = {
  readonly Stream: {
    fromAsyncIterable<T>(source: AsyncIterable<T>, onError: (error: unknown) => unknown): Stream<T>;
    map<T>(change: (value: T) => T): (stream: Stream<T>) => Stream<T>;
    toAsyncIterable<T>(stream: Stream<T>): AsyncIterable<T>;
  };
};
type Stream<T> = { pipe(...changes: readonly ((stream: Stream<T>) => Stream<T>)[]): Stream<T> };

/** Effect: a stream through `map`, six times. */
export const openEffect = async (): Promise<FlowSide> => {
  const { Stream } = await importPeer<Effect>('effect');
  const changes = Array.from({ length: 6 }, () => Stream.map((text: string) => text));
  return forAwait((tokens) => {
    const source = Stream.fromAsyncIterable(
      tokens.as((text) => text),
      (error) => error,
    );
    return Stream.toAsyncIterable(source.pipe(...changes));
  });
};
