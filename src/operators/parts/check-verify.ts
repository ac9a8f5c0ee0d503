import { checkCount } from '../../runtime/check-count.ts';
import { checkOptions } from '../../runtime/check-options.ts';
import { checkWorkflow } from '../../runtime/check-workflow.ts';

type Settings<Repair> = { readonly repair?: Repair; readonly attempts?: number };

/** Reads the arguments of `verify`, and refuses misuse when the operator is made. */
export const checkVerify = <Repair>(
  check: unknown,
  options: Settings<Repair>,
): { readonly repair: Repair | undefined; readonly attempts: number } => {
  checkWorkflow('`check` of verify', check);
  checkOptions('verify', options, ['repair', 'attempts']);
  const { repair, attempts = repair === undefined ? 1 : 2 } = options;
  if (repair !== undefined) checkWorkflow('`repair`', repair);
  checkCount('attempts', attempts, 1);
  return { repair, attempts };
};
