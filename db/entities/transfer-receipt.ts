import { defineEntity, p } from '@mikro-orm/postgresql';
import { type Likeness, likenesses } from '../../domain/approval.ts';
import { Customer } from './customer.ts';
import { Deposit } from './deposit.ts';
import { Shop } from './shop.ts';

/** What a customer sent to show that they transferred money: a picture without its metadata, or a PDF. */
const schema = defineEntity({
  name: 'TransferReceipt',
  tableName: 'transfer_receipt',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    depositId: () => p.manyToOne(Deposit).mapToPk().fieldName('deposit_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    mediaType: p.enum(['image/jpeg', 'application/pdf'] as const),
    /** Envelope of the bytes in base64. */
    content: p.blob().lazy(),
    /** SHA-256 of the file as it came, and of a picture's pixels alone. */
    fileHash: p.text(),
    pixelHash: p.text().nullable(),
    /** Another deposit that has a receipt like this one, and how like. */
    twinDepositId: () => p.manyToOne(Deposit).mapToPk().nullable().deleteRule('no action').fieldName('twin_deposit_id'),
    likeness: p.enum(likenesses).nullable().$type<Likeness>(),
    receivedAt: p.datetime(),
    /** It stands in the staff chat. */
    staffToldAt: p.datetime().nullable(),
  },
  uniques: [{ properties: ['depositId', 'fileHash'] }],
  indexes: [{ properties: ['shopId', 'fileHash'] }, { properties: ['shopId', 'pixelHash'] }],
  checks: [{ name: 'transfer_receipt_twin', expression: '(twin_deposit_id is null) = (likeness is null)' }],
});
export class TransferReceipt extends schema.class {}
schema.setClass(TransferReceipt);
