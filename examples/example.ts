import type { Backend, Workflow } from 'millrace';

/** The models that examples ask for: one that does most of the work, and one for what is harder. */
export type Role = 'small' | 'large';

/** A workflow to look at. */
export type Example = {
  readonly name: string;
  /** What it shows, in one line. */
  readonly about: string;
  /** The models that it uses. */
  readonly roles: readonly Role[];
  /** The file in `examples/data` that it reads when it is given no other. */
  readonly input: string;
  readonly workflow: (models: Readonly<Record<Role, Backend>>) => Workflow<string, unknown>;
};
