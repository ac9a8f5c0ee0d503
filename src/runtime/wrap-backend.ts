import type { Backend } from './backend.ts';

/** A backend that is another one in all but how it answers. */
export const wrapBackend = (backend: Backend, infer: Backend['infer']): Backend => ({
  id: backend.id,
  ...(backend.location && { location: backend.location }),
  infer,
  ...(backend.unenforced && { unenforced: backend.unenforced.bind(backend) }),
  ...(backend.continues && { continues: backend.continues.bind(backend) }),
  ...(backend.preload && { preload: backend.preload.bind(backend) }),
  ...(backend.facts && { facts: backend.facts.bind(backend) }),
});
