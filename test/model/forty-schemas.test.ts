import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import { inferJson } from 'millrace';
import { onnx } from 'millrace/onnx';
import { lastValueFrom, of } from 'rxjs';
import { expect, it } from 'vitest';
import { fortyQuestions } from '../support/forty-questions.ts';

const addFormats = formats.default as unknown as (ajv: Ajv) => Ajv;

it('answers forty varied schemas: what is delivered is valid, and at most two are not delivered', async () => {
  const model = onnx();
  const failures: string[] = [];
  const answers: { question: string; value: unknown; valid: boolean }[] = [];
  for (const [question, schema] of fortyQuestions) {
    const draft7 = JSON.stringify(schema).includes('draft-07');
    const check = addFormats(draft7 ? new Ajv({ strict: false }) : (new Ajv2020({ strict: false }) as Ajv)).compile(
      schema as object,
    );
    try {
      const value = await lastValueFrom(of(question).pipe(inferJson(model, schema, { maxTokens: 400 })));
      answers.push({ question, value, valid: check(value) });
    } catch (error) {
      failures.push(`${question}: ${error}`);
    }
  }
  expect(answers.filter(({ valid }) => !valid)).toEqual([]);
  expect(answers.length + failures.length).toBe(40);
  expect(failures.length, failures.join('\n')).toBeLessThanOrEqual(2);
}, 300_000);
