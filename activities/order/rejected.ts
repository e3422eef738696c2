import type { StandingOrder } from '../../db/repositories/order-place.ts';
import type { RejectionFacts, RejectionType } from '../../domain/order.ts';

/** Thrown inside a step's transaction so that nothing is kept; answered as a value. */
export class Rejected extends Error {
  readonly type: RejectionType;
  /** The order to be shown instead. */
  readonly existing: StandingOrder | null;
  readonly facts: RejectionFacts | undefined;
  constructor(type: RejectionType, existing: StandingOrder | null = null, facts?: RejectionFacts) {
    super(type);
    this.facts = facts;
    this.type = type;
    this.existing = existing;
  }
}
