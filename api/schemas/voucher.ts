/** Gift links and vouchers, as the Mini App sends and gets them. Amounts are whole minor units of `currency`. */
import { z } from 'zod';
import { giftLinkSeconds, voucherStatuses } from '../../domain/voucher.ts';
import { wishedAmount } from '../payment/schemas.ts';
import { amount, id } from './shop.ts';
import { time } from './wallet.ts';

export const giftLink = z
  .object({
    id,
    status: z.enum(voucherStatuses),
    amount,
    currency: z.string(),
    expiresAt: time.nullable().meta({ description: `Its money comes back then; ${giftLinkSeconds / 3_600} hours after it was made.` }),
    link: z.url().nullable().meta({ description: 'For a friend: whoever opens it first has the money. Null while the bot has no name.' }),
  })
  .meta({ id: 'GiftLink' });
export type GiftLinkAnswer = z.infer<typeof giftLink>;

export const giftsAnswer = z
  .object({
    currency: z.string(),
    giftable: amount.meta({ description: 'What the wallet may give at most.' }),
    suggested: z.array(amount),
    gifts: z.array(giftLink).meta({ description: 'Those that wait to be opened, newest first.' }),
  })
  .meta({ id: 'Gifts' });
export type GiftsAnswer = z.infer<typeof giftsAnswer>;

export const giftBody = z.strictObject({ amount: wishedAmount }).meta({ id: 'MakeGift' });

export const redeemBody = z
  .strictObject({ code: z.string().min(1).max(64).meta({ description: 'As a person types it: case, spaces and dashes are forgiven.' }) })
  .meta({ id: 'RedeemVoucher' });

export const redeemedAnswer = z.object({ amount, currency: z.string() }).meta({ id: 'Redeemed' });
export type RedeemedAnswer = z.infer<typeof redeemedAnswer>;
