/** Something that a model, its files or its request make impossible, worded for the user. Trying again does not help. */
export class ModelError extends Error {
  override readonly name: string = 'ModelError';
}
