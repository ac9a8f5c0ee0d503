/** The thread of a model ended by a fault, not because of its model or its requests. Trying again may help. */
export class ThreadDeath extends Error {
  override readonly name: string = 'ThreadDeath';

  constructor(reason: string, cause?: unknown) {
    super(`The model's thread died before its answer was whole (${reason}): ask again`, { cause });
  }
}
