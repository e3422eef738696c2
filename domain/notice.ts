/** Notices: what a customer is told once in a message of its own, because nothing they look at would say it. */

import type { AchievementName } from './achievement.ts';
import type { AdjustmentKind } from './adjustment.ts';
import type { ClaimReason, ClaimStatus } from './claim.ts';
import type { PayoutFailure } from './payout.ts';
import type { TierName } from './tier.ts';

/** What a notice says. Amounts in minor units of `currency`. */
export type NoticeContent =
  /** To a newcomer: a friend's link brought them. */
  | { readonly kind: 'invited' }
  /** To whoever brought a newcomer. `friends`: how many they have brought, with this one. */
  | { readonly kind: 'friendJoined'; readonly friends: number }
  /** To whoever brought a customer: a top-up of theirs brought this. `earnings`: in all, after it. */
  | ({ readonly kind: 'commissionPaid' } & CommissionMoney)
  /** The top-up was taken back by its provider, so its commission is as well; or it was given again. */
  | ({ readonly kind: 'commissionTakenBack' } & CommissionMoney)
  | ({ readonly kind: 'commissionGivenAgain' } & CommissionMoney)
  /** A badge that is not a tier's: those are told with the tier. */
  | { readonly kind: 'achievementAwarded'; readonly name: AchievementName }
  /** Staff changed the wallet by hand, and say why. */
  | {
      readonly kind: 'adjusted';
      readonly what: AdjustmentKind;
      readonly amount: number;
      readonly currency: string;
      readonly reason: string;
    }
  /** Money that staff send: where to? `again`: a reminder. `code`: of the order or deposit. */
  | ({ readonly kind: 'payoutAsked'; readonly payoutId: number; readonly again: boolean } & PayoutMoney)
  /** What became of it. `transaction`: by which it was sent. */
  | ({
      readonly kind: 'payoutMoved';
      readonly step: 'sent' | 'succeeded' | 'failed';
      readonly transaction: string | null;
      readonly failure: PayoutFailure | null;
    } & PayoutMoney)
  /** What became of their claim. */
  | {
      readonly kind: 'claimClosed';
      readonly claimId: number;
      readonly orderCode: string;
      readonly title: string;
      readonly status: Exclude<ClaimStatus, 'asked' | 'open' | 'withdrawn'>;
      readonly reason: ClaimReason | null;
    }
  /** A stage that was sent to them: what it says is read when it goes out. */
  | { readonly kind: 'stage'; readonly sendId: number }
  /** A product they waited for is back. */
  | { readonly kind: 'stockBack'; readonly productId: number; readonly title: string }
  /** A voucher's money is in the wallet; `ofFriend`: by a gift link. */
  | { readonly kind: 'voucherClaimed'; readonly ofFriend: boolean; readonly amount: number; readonly currency: string }
  /** To the giver: somebody opened the gift link; or its money is back, because they wished so (`taken`) or its time was over. */
  | { readonly kind: 'giftClaimed'; readonly amount: number; readonly currency: string }
  | { readonly kind: 'giftBack'; readonly taken: boolean; readonly amount: number; readonly currency: string }
  /** Earnings made another tier. `discount`: whole percent off every price with it. */
  | { readonly kind: 'tierChanged'; readonly tier: TierName; readonly isHigher: boolean; readonly discount: number };

interface PayoutMoney {
  readonly noun: 'order' | 'deposit';
  readonly code: string;
  readonly amount: number;
  readonly currency: string;
}

interface CommissionMoney {
  readonly amount: number;
  readonly currency: string;
  readonly earnings: number;
}

export type NoticeKind = NoticeContent['kind'];
