import type { Backend } from '../../runtime/backend.ts';
import type { Served } from '../../runtime/inference-event.ts';

/** What two backends promise together, where either may answer; only the first gets ready. */
export const joinBackends = (
  one: Backend,
  other: Backend,
): Pick<Backend, 'location' | 'unenforced' | 'continues' | 'preload'> => ({
  ...locationOf(one, other),
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

/** What may go to the cloud is not promised to stay here. */
const locationOf = (one: Backend, other: Backend): { readonly location?: Served['location'] } => {
  if (one.location === 'cloud' || other.location === 'cloud') return { location: 'cloud' };
  return one.location === 'device' && other.location === 'device' ? { location: 'device' } : {};
};
