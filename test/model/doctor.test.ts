import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../dist/commands/millrace.js', import.meta.url));

const millrace = (...words: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (out += data));
    child.on('error', reject).on('close', (code) => resolve({ code, out }));
  });

describe('millrace models doctor', () => {
  it('tells the versions, what works and why the rest does not, what is here, and that nothing phones home', async () => {
    const { code, out } = await millrace('models', 'doctor');
    expect(code).toBe(0);
    expect(out).toMatch(/^Versions\n {2}millrace \d+\.\d+\.\d+\n {2}node v\d+/);
    expect(out).toMatch(/\n {2}onnxruntime-node 1\.\d+\.\d+\n {2}@huggingface\/transformers 4\.\d+/);
    expect(out).toContain('\n  ✓ cpu\n');
    const other = process.platform === 'win32' ? 'coreml' : 'dml';
    expect(out).toMatch(new RegExp(`\n {2}✗ ${other} +onnxruntime-node does not have it on ${process.platform}`));
    const lines = out.split('\n').filter((line) => /^ {2}[✓✗]/.test(line));
    expect(lines.map((line) => line.split(/ +/)[2])).toEqual(['cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml']);
    for (const line of lines) expect(line).toMatch(/✓ \w+$|✗ \w+ +\S.*/);
    expect(out).toMatch(/\n {2}smollm2-135m, 159 MB, in \S+\n/);
    expect(out).toMatch(/\n {2}off: ORT_DISABLE_TELEMETRY=1 is set before ONNX Runtime loads\n/);
  });

  it('is behind the word `models`', async () => {
    expect((await millrace()).code).toBe(2);
    expect((await millrace('doctor')).code).toBe(2);
    expect(await millrace('--help')).toMatchObject({ code: 0, out: expect.stringMatching(/^millrace models list/) });
  });
});
