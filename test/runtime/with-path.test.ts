import { inspect } from 'node:util';
import { BackendError, WorkflowError } from 'millrace';
import { describe, expect, it } from 'vitest';
import { withPath } from '../../src/runtime/with-path.ts';

describe('withPath', () => {
  it('gives the same error one step further out, and leaves the original as it was', () => {
    const cause = new Error('socket');
    const error = new BackendError('gone', { backend: 'b', retryable: true, retryAfter: 5, cause });
    const moved = withPath(withPath(error, 'inner'), 'outer');
    expect(moved).toBeInstanceOf(BackendError);
    expect(moved).toMatchObject({ code: 'backend', path: ['outer', 'inner'], retryable: true, retryAfter: 5, cause });
    expect([moved.name, moved.message, moved.stack]).toEqual([error.name, error.message, error.stack]);
    expect(error.path).toEqual([]);
  });

  it('prints like the error that it is', () => {
    expect(inspect(withPath(new WorkflowError('route', 'lost'), 'a'))).toContain('WorkflowError: lost');
  });

  it.each([
    [new RangeError('far'), 'far'],
    ['far', 'far'],
    [undefined, 'undefined'],
  ])('makes %s the cause of a WorkflowError', (cause, message) => {
    const error = withPath(cause, 'a');
    expect(error).toBeInstanceOf(WorkflowError);
    expect(error).toMatchObject({ code: 'step', message, path: ['a'] });
    expect(error.cause).toBe(cause);
  });
});
