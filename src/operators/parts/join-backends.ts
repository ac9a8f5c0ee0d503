import type { Backend } from '../../runtime/backend.ts';

/** What two backends promise together, where either may answer; only the first gets ready. */
export const joinBackends = (one: Backend, other: Backend): Pick<Backend, 'unenforced' | 'continues' | 'preload'> => ({
  ...(one.unenforced &&
    other.unenforced && {
      unenforced: (schema) => [...new Set([one, other].flatMap((backend) => backend.unenforced?.(schema) ?? []))],
    }),
  ...(one.continues &&
    other.continues && {
      continues: (request) => [one, other].every((backend) => backend.continues?.(request)),
    }),
  ...(one.preload && { preload: one.preload.bind(one) }),
});
