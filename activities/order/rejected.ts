import type { RejectionFacts, RejectionType } from '../../domain/order.ts';

/** Thrown inside a step's transaction so that nothing is kept; answered as a value. */
export class Rejected extends Error {
  readonly type: RejectionType;
  /** Code of the order to be shown instead. */
  readonly existing: string | null;
  readonly facts: RejectionFacts | undefined;
  constructor(type: RejectionType, existing: string | null = null, facts?: RejectionFacts) {
    super(type);
    this.facts = facts;
    this.type = type;
    this.existing = existing;
  }
}
