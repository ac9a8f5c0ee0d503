/** Takes note of work that is about to be done, and throws where there has been too much of it. */
export type Spend = (steps: number) => void;

/** Allows `steps` steps of work; past them it throws a RangeError with the message. */
export const allowance = (steps: number, message: string): Spend => {
  let left = steps;
  return (spent) => {
    left -= spent;
    if (left < 0) throw new RangeError(message);
  };
};
