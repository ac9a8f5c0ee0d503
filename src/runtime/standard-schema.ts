/** What the `validate` of a Standard Schema gives. */
type Result<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

/**
 * A schema of any library that keeps to Standard Schema v1 and can give its JSON Schema, such as zod from 4.2, ArkType,
 * or valibot through `toStandardJsonSchema`.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly validate: (value: unknown) => Result<Output> | Promise<Result<Output>>;
    readonly jsonSchema: {
      /** The JSON Schema of what is validated, before any transformation. */
      readonly input: (options: { readonly target: string }) => Record<string, unknown>;
    };
  };
}
