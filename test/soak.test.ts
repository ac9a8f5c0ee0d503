import { describe, expect, it } from 'vitest';
import { soakWorkflows } from '../soak/soak-workflows.ts';

describe('the soak', () => {
  it('ends workflows of mixed shape as it should, whatever their server and their readers do', async () => {
    const { problems, counts } = await soakWorkflows({ seed: 1, workflows: 200 });
    expect(problems).toEqual([]);
    expect(Object.keys(counts.server ?? {}).length).toBeGreaterThan(20);
    expect(Object.keys(counts.readers ?? {}).length).toBeGreaterThan(5);
  });
});
