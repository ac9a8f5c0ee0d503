import { describe, expect, it, vi } from 'vitest';
import { schemaLibraries as onNode } from '../../../src/runtime/schema/schema-libraries.node.ts';
import { schemaLibraries as elsewhere } from '../../../src/runtime/schema/schema-libraries.ts';

// As the import map of the package does it where there is no Node.
vi.mock('#schema-libraries', () => import('../../../src/runtime/schema/schema-libraries.ts'));

const { compileSchema } = await import('../../../src/runtime/schema/compile-schema.ts');

describe('schemaLibraries', () => {
  it('gives the same on Node, where it loads them late, as elsewhere', () => {
    expect(onNode()).toEqual(elsewhere());
    expect(onNode()).toBe(onNode());
  });

  it('compiles schemas elsewhere too', () => {
    expect(() => compileSchema({ type: 'string', pattern: '^a+$', format: 'date' })).not.toThrow();
    expect(() => compileSchema({ type: 'string', pattern: '^(a+)+$' })).toThrow('grows exponentially');
  });
});
