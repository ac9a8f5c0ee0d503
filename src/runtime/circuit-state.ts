/** `closed` lets every request through, `open` none, `half-open` one, on which it depends how it goes on. */
export type CircuitState = 'closed' | 'open' | 'half-open';
