import { from, map, type Observable, of } from 'rxjs';
import type { StandardResult, StandardSchema } from './standard-schema.ts';
import type { Validation } from './validation.ts';

/** Has the library of a Standard Schema check a value and make its output of it; synchronously where that does. */
export const validateStandard = <T>(schema: StandardSchema<unknown, T>, value: unknown): Observable<Validation<T>> => {
  const result = schema['~standard'].validate(value);
  return ('then' in result ? from(result) : of(result)).pipe(map(toValidation));
};

const toValidation = <T>(result: StandardResult<T>): Validation<T> =>
  result.issues === undefined
    ? { valid: true, value: result.value }
    : { valid: false, issues: result.issues.map(({ path = [], message }) => ({ path: toPointer(path), message })) };

type Path = NonNullable<Extract<StandardResult<unknown>, { issues: readonly unknown[] }>['issues'][number]['path']>;

const toPointer = (path: Path): string =>
  path
    .map((part) => String(typeof part === 'object' ? part.key : part))
    .map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
