let count = 0;

/** An id that no other request of this process has. */
export const nextRequestId = (): string => `request-${++count}`;
