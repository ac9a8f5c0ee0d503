import { WorkflowError } from './workflow-error.ts';

/** One way in which a value misses its schema. */
export type SchemaIssue = {
  /** Where, as a JSON Pointer; empty for the value itself. */
  readonly path: string;
  /** What was expected there. */
  readonly message: string;
};

/** A model's answer does not match its schema, after all repairs. */
export class SchemaError extends WorkflowError {
  /** The answer as the model wrote it. */
  readonly text: string;
  readonly issues: readonly SchemaIssue[];

  constructor(text: string, issues: readonly SchemaIssue[]) {
    const findings = issues.map(({ path, message }) => `${path === '' ? 'the answer' : path} ${message}`).join('; ');
    super('schema', `Expected an answer that matches the schema, received one where ${findings}`);
    this.text = text;
    this.issues = issues;
  }
}
