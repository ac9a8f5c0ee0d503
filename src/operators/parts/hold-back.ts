import { concat, concatMap, defer, type MonoTypeOperatorFunction } from 'rxjs';
import { isInferenceEvent } from '../../runtime/is-inference-event.ts';

/**
 * Keeps the beginning of a stream until it has so many tokens, or values of another kind, or an end; then passes everything
 * on. What is kept when the stream fails, nobody has seen.
 */
export const holdBack =
  <T>(tokens: number): MonoTypeOperatorFunction<T> =>
  (source) =>
    defer(() => {
      let kept: T[] = [];
      let missing = tokens;

      const pass = (value: T): readonly T[] => {
        if (missing <= 0) return [value];
        if (isInferenceEvent(value) && value.type === 'retract') forget(value.request);
        else kept.push(value);
        if (counts(value)) missing--;
        if (isInferenceEvent(value) && value.type === 'finish') missing = 0;
        return missing > 0 ? [] : kept.splice(0);
      };
      const forget = (request: string): void => {
        kept = kept.filter((value) => !isInferenceEvent(value) || value.request !== request);
        missing = tokens - kept.filter(counts).length;
      };
      return concat(
        source.pipe(concatMap(pass)),
        defer(() => kept.splice(0)),
      );
    });

const counts = (value: unknown): boolean => !isInferenceEvent(value) || value.type === 'token';
