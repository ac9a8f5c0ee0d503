import type { OperatorFunction } from 'rxjs';

/** A workflow is an RxJS operator: it takes a stream of inputs and gives a stream of outputs. */
export type Workflow<I, O> = OperatorFunction<I, O>;
