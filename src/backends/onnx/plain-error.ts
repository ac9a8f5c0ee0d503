/** An error that can go to another thread: whatever its cause is need not be copied. */
export const plainError = (error: unknown): Error => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return Object.assign(new Error(message), { stack });
};
