/** What the shop answers. */
export type { PaymentAnswer, StatusAnswer } from '../../../api/payment/schemas.ts';
export type { BasketAnswer, QuoteAnswer } from '../../../api/schemas/basket.ts';
export type { ReferralsAnswer, SettingsAnswer } from '../../../api/schemas/customer.ts';
export type { GoodsAnswer, OrderAnswer, OrdersAnswer } from '../../../api/schemas/order.ts';
export type { ProductAnswer, ProductCardAnswer, ShopAnswer, WatchingAnswer } from '../../../api/schemas/shop.ts';
export type { ClaimsAnswer } from '../../../api/schemas/claim.ts';
export type { GiftLinkAnswer, GiftsAnswer, RedeemedAnswer } from '../../../api/schemas/voucher.ts';
export type { CoinsAnswer, RefillsAnswer, WalletAnswer } from '../../../api/schemas/wallet.ts';
import type { z } from 'zod';
import type { QuoteAnswer } from '../../../api/schemas/basket.ts';
import type { districtsAnswer, productsAnswer } from '../../../api/schemas/shop.ts';

export interface Line {
  readonly productId: number;
  readonly quantity: number;
  /** Minor units, of what the customer names the price of. */
  readonly amount?: number;
}
export type QuotedLine = QuoteAnswer['lines'][number];
export type OfferedMethod = QuoteAnswer['methods'][number];
export type ProductsAnswer = z.infer<typeof productsAnswer>;
export type DistrictsAnswer = z.infer<typeof districtsAnswer>;
