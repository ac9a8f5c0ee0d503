import { infer } from 'millrace';
import { onnx } from 'millrace/onnx';
import { lastValueFrom, of, Subject, takeUntil, tap } from 'rxjs';
import { type Contestant, threads } from './contestant.ts';

/** The embedded model, through the public operators. */
export const openMillrace = async (): Promise<Contestant> => {
  const model = onnx(undefined, { threads });

  const begin: Contestant['begin'] = ({ messages, answer, schema }, read) => {
    const left = new Subject<void>();
    const events = of(messages).pipe(
      infer(model, { maxTokens: answer, temperature: 0, ...(schema && { schema }) }),
      tap((event) => event.type === 'token' && read(event.text)),
      takeUntil(left),
    );
    const done = lastValueFrom(events, { defaultValue: undefined }).then((last) => {
      const { input, output, cached } = last?.type === 'finish' ? last.usage : { input: 0, output: 0, cached: 0 };
      return { input, tokens: output, cached };
    });
    return { done, leave: () => left.next() };
  };
  return { begin };
};
