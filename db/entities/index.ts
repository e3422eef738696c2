import { Achievement } from './achievement.ts';
import { Alert } from './alert.ts';
import { ApiToken } from './api-token.ts';
import { Approval } from './approval.ts';
import { AskedAmount } from './asked-amount.ts';
import { Audit } from './audit.ts';
import { AutoBuy } from './auto-buy.ts';
import { Basket, BasketLine } from './basket.ts';
import { Category } from './category.ts';
import { Claim } from './claim.ts';
import { Commission } from './commission.ts';
import { ChainAddress, ChainKey } from './chain-key.ts';
import { ChainBlock, ChainInput, ChainOutput, ChainWatch } from './chain-watch.ts';
import { ConfirmCode } from './confirm-code.ts';
import { Customer } from './customer.ts';
import { Delivery } from './delivery.ts';
import { Deposit } from './deposit.ts';
import { Inbox } from './inbox.ts';
import { Grant } from './grant.ts';
import { Account, Transfer } from './ledger.ts';
import { LastSearch } from './last-search.ts';
import { Listing, ListingWord } from './listing.ts';
import { Notice } from './notice.ts';
import { Nonce } from './nonce.ts';
import { MethodHealth, MethodRule } from './method-rule.ts';
import { Order, OrderLine } from './order.ts';
import { Payment } from './payment.ts';
import { Photo } from './photo.ts';
import { Payout } from './payout.ts';
import { PickupPoint } from './pickup-point.ts';
import { Lesson, Product, ProductPhoto } from './product.ts';
import { AppliedCode, CodeTry, PromoCode, PromoCodeCustomer } from './promo-code.ts';
import { PromoUse } from './promo-use.ts';
import { ProviderAccount } from './provider-account.ts';
import { Rate } from './rate.ts';
import { Receipt, ReceiptCounter } from './receipt.ts';
import { Referral, Referrer } from './referral.ts';
import { AskedPayment, ProviderAnswer, ProviderMove, Reconciliation } from './reconcile.ts';
import { RefillLink } from './refill-link.ts';
import { Refund } from './refund.ts';
import { Reversal } from './reversal.ts';
import { Setting } from './setting.ts';
import { Shop } from './shop.ts';
import { Staff } from './staff.ts';
import { Stage, StageOpen, StageOrder, StageSend } from './stage.ts';
import { StockAlarm, StockWatch } from './stock-watch.ts';
import { TransferReceipt } from './transfer-receipt.ts';
import { TurnedAway } from './turned-away.ts';
import { FreeUnit, Unit } from './unit.ts';
import { Voucher, VoucherBatch } from './voucher.ts';

/** Every table, parents before children. */
export const entities = [
  Shop,
  Staff,
  Customer,
  Referrer,
  Referral,
  Notice,
  Achievement,
  Photo,
  PickupPoint,
  Category,
  Product,
  ProductPhoto,
  Lesson,
  Listing,
  ListingWord,
  LastSearch,
  StockWatch,
  StockAlarm,
  PromoCode,
  PromoCodeCustomer,
  AppliedCode,
  CodeTry,
  ProviderAccount,
  Setting,
  ChainKey,
  ChainAddress,
  Basket,
  BasketLine,
  Order,
  OrderLine,
  Grant,
  PromoUse,
  Deposit,
  Commission,
  ChainWatch,
  ChainBlock,
  ChainOutput,
  ChainInput,
  TransferReceipt,
  Approval,
  Unit,
  FreeUnit,
  Payment,
  Inbox,
  Account,
  Transfer,
  Refund,
  Claim,
  Payout,
  Reversal,
  ProviderMove,
  Reconciliation,
  AskedPayment,
  ProviderAnswer,
  Delivery,
  Receipt,
  ReceiptCounter,
  Audit,
  Alert,
  Rate,
  Nonce,
  ConfirmCode,
  TurnedAway,
  AskedAmount,
  RefillLink,
  AutoBuy,
  VoucherBatch,
  Voucher,
  MethodRule,
  MethodHealth,
  Stage,
  StageSend,
  StageOpen,
  StageOrder,
  ApiToken,
];
