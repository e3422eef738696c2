/** Receipts of transfers: stored sealed, compared with those of other deposits, and told to the deposit by a row of the inbox. */
import type { Likeness } from '../../domain/approval.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { methodNames, providerOfMethod, providerTraits } from '../../domain/payment.ts';
import { Deposit } from '../entities/deposit.ts';
import { TransferReceipt } from '../entities/transfer-receipt.ts';
import type { EntityManager } from '../orm.ts';
import { drawIds, type Secrets } from '../secrets.ts';
import { insertInboxRow } from './inbox.ts';

/** A file as it is kept, with what it is compared by. */
export interface ReceiptFile {
  readonly mediaType: 'image/jpeg' | 'application/pdf';
  readonly bytes: Uint8Array;
  readonly fileHash: string;
  readonly pixelHash: string | null;
}

/** Receipts one deposit may have. */
export const mostReceipts = 10;
/** A receipt for a deposit that ended without money is taken this long after it was opened, days. */
const lateDays = 30;

const staffMethods = methodNames.filter((method) => providerTraits[providerOfMethod[method]].verdictBy === 'staff');

/**
 * The deposit a customer's receipt is for: the one they name, else the newest that waits for one, has one already, or ended without money
 * lately. `named`: codes they wrote or answered to. `at` by the bot's clock.
 */
export async function findDepositForReceipt(
  em: EntityManager,
  { customerId, named, at }: { customerId: number; named: readonly string[]; at: Date },
): Promise<Pick<Deposit, 'id' | 'code'> | undefined> {
  const since = new Date(at.getTime() - lateDays * 86_400_000);
  const deposits = await em.find(
    Deposit,
    { customerId, method: { $in: staffMethods }, status: { $in: ['waiting', 'seen', 'expired', 'rejected'] }, openedAt: { $gt: since } },
    { orderBy: { openedAt: 'desc' }, limit: 50 },
  );
  const order = ['waiting', 'seen', 'expired', 'rejected'];
  return (
    deposits.find(({ code }) => named.includes(code)) ??
    deposits.toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status))[0]
  );
}

/** Whether a customer has a deposit that staff will judge, and by which method. */
export async function countWaitingFor(em: EntityManager, customerId: number, method: Deposit['method']): Promise<number> {
  return em.count(Deposit, { customerId, method, status: { $in: ['waiting', 'seen'] } });
}

export type SavedReceipt =
  | { readonly status: 'saved'; readonly receiptId: number; readonly objectId: string }
  /** The same file came for this deposit before. */
  | { readonly status: 'known' }
  | { readonly status: 'tooMany' };

/** Keeps a receipt, marks what it resembles, and puts the deposit's word of it into the inbox. Whoever calls rings. */
export async function saveReceipt(
  em: EntityManager,
  secrets: Secrets,
  { depositId, file, at }: { depositId: number; file: ReceiptFile; at: Date },
): Promise<SavedReceipt> {
  return em.transactional(async (tx) => {
    const { shopId, customerId, code } = await tx.findOneOrFail(Deposit, { id: depositId });
    // One after the other in a shop: of two that come at once the later one finds the earlier.
    await tx.execute('select pg_advisory_xact_lock(7447003, ?)', [shopId % 2_147_483_647]);
    if ((await tx.count(TransferReceipt, { depositId, fileHash: file.fileHash })) > 0) return { status: 'known' };
    if ((await tx.count(TransferReceipt, { depositId })) >= mostReceipts) return { status: 'tooMany' };
    const twin = await findTwin(tx, { shopId, depositId, file });
    const [id = 0] = await drawIds(tx, 'transfer_receipt');
    const content = secrets.seal({ table: 'transfer_receipt', column: 'content', id }, Buffer.from(file.bytes).toString('base64'));
    const { mediaType, fileHash, pixelHash } = file;
    const hashes = { fileHash, pixelHash };
    const like = { twinDepositId: twin?.depositId ?? null, likeness: twin?.likeness ?? null };
    tx.persist(tx.create(TransferReceipt, { id, shopId, depositId, customerId, mediaType, content, ...hashes, ...like, receivedAt: at }));
    await tx.flush();
    const objectId = `receipt:${id}`;
    await insertInboxRow(tx, {
      shopId,
      provider: 'manual',
      source: 'update',
      eventId: objectId,
      type: 'receipt',
      verdict: 'verified',
      kind: 'seen',
      objectId,
      paymentId: depositPaymentId(code),
      providerAt: at,
      body: Buffer.from(JSON.stringify({ receiptId: id, ...like })),
    });
    return { status: 'saved', receiptId: id, objectId };
  });
}

/** The first receipt of another deposit of the shop that is the same file, or else the same picture. */
async function findTwin(
  em: EntityManager,
  { shopId, depositId, file: { fileHash, pixelHash } }: { shopId: number; depositId: number; file: ReceiptFile },
): Promise<{ depositId: number; likeness: Likeness } | undefined> {
  const elsewhere = { shopId, depositId: { $ne: depositId } };
  const first = { orderBy: { id: 'asc' } } as const;
  const sameFile = await em.findOne(TransferReceipt, { ...elsewhere, fileHash }, first);
  if (sameFile) return { depositId: sameFile.depositId, likeness: 'sameFile' };
  const samePicture = pixelHash === null ? null : await em.findOne(TransferReceipt, { ...elsewhere, pixelHash }, first);
  return samePicture ? { depositId: samePicture.depositId, likeness: 'samePicture' } : undefined;
}

/** Receipts that do not stand in the staff chat yet, opened. */
export async function listUntoldReceipts(
  em: EntityManager,
  secrets: Secrets,
  depositId: number,
): Promise<{ id: number; mediaType: ReceiptFile['mediaType']; bytes: Uint8Array }[]> {
  const rows = await em.find(
    TransferReceipt,
    { depositId, staffToldAt: null },
    { populate: ['content'], orderBy: { id: 'asc' }, limit: mostReceipts },
  );
  return rows.map(({ id, mediaType, content }) => {
    const text = secrets.open({ table: 'transfer_receipt', column: 'content', id }, content);
    return { id, mediaType: mediaType as ReceiptFile['mediaType'], bytes: Buffer.from(text, 'base64') };
  });
}

export async function markReceiptTold(em: EntityManager, id: number, at: Date): Promise<void> {
  await em.execute('update transfer_receipt set staff_told_at = ? where id = ?', [at, id]);
}
