/** What an administrator filters by in the Temporal UI. Registered before any worker polls; ids are ours, never Telegram's. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const shopIdAttribute = defineSearchAttributeKey('ShopId', SearchAttributeType.KEYWORD);
export const customerIdAttribute = defineSearchAttributeKey('CustomerId', SearchAttributeType.KEYWORD);
export const orderStatusAttribute = defineSearchAttributeKey('OrderStatus', SearchAttributeType.KEYWORD);
export const providerAttribute = defineSearchAttributeKey('Provider', SearchAttributeType.KEYWORD);
export const amountMinorAttribute = defineSearchAttributeKey('AmountMinor', SearchAttributeType.INT);
