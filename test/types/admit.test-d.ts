import { type AdmitState, type Admitted, admit, type Backend, type InferenceEvent, infer, text } from 'millrace';
import { map, type Observable, of } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const small: Backend;

describe('admit', () => {
  it('takes and gives what its workflow does', () => {
    const answers = admit(infer<string>(small), { capacity: 5 });
    expectTypeOf(answers).toEqualTypeOf<Admitted<string, InferenceEvent>>();
    expectTypeOf(of('?').pipe(answers, text())).toEqualTypeOf<Observable<string>>();
    expectTypeOf(answers.state).toEqualTypeOf<Observable<AdmitState>>();
  });

  it('knows its input within a pipe, also where it is given a priority', () => {
    const lengths = of('a').pipe(
      admit(
        map((word) => word.length),
        { capacity: 5, priority: (word) => word.length },
      ),
    );
    expectTypeOf(lengths).toEqualTypeOf<Observable<number>>();
  });

  it('does not compile without a capacity, or with another overflow', () => {
    // @ts-expect-error a room has a size
    admit(infer<string>(small), {});
    // @ts-expect-error there is no such overflow
    admit(infer<string>(small), { capacity: 1, overflow: 'drop' });
    // @ts-expect-error a priority is a number
    admit(infer<string>(small), { capacity: 1, priority: (question) => question });
  });
});
