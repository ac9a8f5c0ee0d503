import type { Dtype } from '../dtype.ts';
import { type Alias, aliases } from './aliases.ts';

/** A model of the hub, and in which form it is wanted. */
export type HubModel = {
  /** As it was asked for: an alias or an id. */
  readonly name: string;
  readonly id: string;
  readonly revision: string;
  /** Absent where the model's own config.json is to decide. */
  readonly dtype?: Dtype;
  readonly alias?: Alias;
};

/** The model of the hub that an alias or an id such as `owner/name` stands for; `undefined` where it is neither. */
export const hubModel = (
  name: string,
  { revision, dtype }: { readonly revision?: string; readonly dtype?: Dtype } = {},
): HubModel | undefined => {
  const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  if (!alias && !isId(name)) return undefined;
  const wanted = dtype ?? alias?.dtype;
  return {
    name,
    id: alias?.id ?? name,
    revision: revision ?? alias?.revision ?? 'main',
    ...(wanted && { dtype: wanted }),
    ...(alias && { alias }),
  };
};

const isId = (name: string): boolean => /^\w[\w.-]*\/\w[\w.-]*$/.test(name) && !name.includes('..');
