import { chain } from './chain.ts';
import { classifyThenRoute } from './classify-then-route.ts';
import { cloudFallback } from './cloud-fallback.ts';
import type { Example } from './example.ts';
import { fanOut } from './fan-out.ts';
import { slowReader } from './slow-reader.ts';
import { tools } from './tools.ts';
import { verification } from './verify.ts';

/** All examples, in the order of the tour. */
export const examples: readonly Example[] = [
  chain,
  tools,
  classifyThenRoute,
  fanOut,
  verification,
  cloudFallback,
  slowReader,
];
