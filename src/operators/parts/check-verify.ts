import { checkCount } from '../../runtime/check-count.ts';
import { checkKeys } from '../../runtime/check-keys.ts';
import { expected } from '../../runtime/expected.ts';

type Settings<Repair> = { readonly repair?: Repair; readonly attempts?: number };

/** Reads the arguments of `verify`, and refuses misuse when the operator is made. */
export const checkVerify = <Repair>(
  check: unknown,
  options: Settings<Repair>,
): { readonly repair: Repair | undefined; readonly attempts: number } => {
  if (typeof check !== 'function') throw new TypeError(expected('`check` of verify', 'a workflow', check));
  checkKeys('verify', options, ['repair', 'attempts']);
  const { repair, attempts = repair === undefined ? 1 : 2 } = options;
  if (repair !== undefined && typeof repair !== 'function') {
    throw new TypeError(expected('`repair`', 'a workflow', repair));
  }
  checkCount('attempts', attempts, 1);
  return { repair, attempts };
};
