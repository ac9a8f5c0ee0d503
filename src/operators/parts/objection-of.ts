import type { Verdict } from './verdict.ts';

/** Why a verdict rejects; `undefined` where it accepts. */
export const objectionOf = (verdict: Verdict | boolean | undefined): string | undefined => {
  if (verdict === undefined) return 'the check gave no verdict';
  if (verdict === true) return undefined;
  if (verdict === false) return 'the check gave no reason';
  return verdict.accepted === true ? undefined : verdict.reason || 'the check gave no reason';
};
