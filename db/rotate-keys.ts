/** Seals everything anew with the key that writes now, so that an old key can be taken out of TILLFLOW_KEYS. */
import type { EntityManager } from './orm.ts';
import type { Secrets } from './secrets.ts';

/** Every sealed column. A column that is missing here keeps its old key for ever: the test compares it with the schema. */
export const sealedColumns = [
  { table: 'shop', column: 'bot_token' },
  { table: 'shop', column: 'webhook_secret' },
  { table: 'customer', column: 'name' },
  { table: 'product', column: 'content' },
  { table: 'product', column: 'file_name' },
  { table: 'unit', column: 'content' },
  { table: 'unit', column: 'file_name' },
  { table: 'provider_account', column: 'keys' },
  { table: 'chain_key', column: 'key' },
  { table: 'approval', column: 'sender' },
  { table: 'claim', column: 'description' },
  { table: 'payout', column: 'destination' },
  { table: 'transfer_receipt', column: 'content' },
  { table: 'voucher', column: 'secret' },
] as const;

const batchSize = 500;
/** Files are large: after so many bytes a batch ends with the value at hand. */
const batchBytes = 16_000_000;

/**
 * Re-seals in batches of one transaction each; stopped in the middle, it goes on where it was.
 * @returns how many values were sealed anew
 * @throws SecretError when a value does not open with any key given; what was done before stays done
 */
export async function rotateKeys(em: EntityManager, secrets: Secrets, progress: (done: number) => void = () => undefined): Promise<number> {
  let done = 0;
  for (const { table, column } of sealedColumns) {
    for (let after = 0; ; ) {
      const rows: { id: string; sealed: Buffer }[] = await em.execute(
        `select id, sealed from (
           select id, sealed, sum(octet_length(sealed)) over (order by id) - octet_length(sealed) as before from (
             select id, "${column}" as sealed from "${table}" where id > ? and "${column}" is not null order by id limit ?) found) counted
          where before < ? order by id`,
        [after, batchSize, batchBytes],
      );
      if (rows.length === 0) break;
      after = Number(rows.at(-1)?.id);
      const old = rows.filter((row) => !secrets.isCurrent(row.sealed));
      await em.transactional(async (tx) => {
        for (const { id, sealed } of old) {
          const place = { table, column, id: Number(id) };
          // Only the value that was read is replaced: one changed meanwhile was sealed with the new key already.
          await tx.execute(`update "${table}" set "${column}" = ? where id = ? and "${column}" = ?`, [
            secrets.seal(place, secrets.open(place, sealed)),
            place.id,
            sealed,
          ]);
        }
      });
      done += old.length;
      progress(done);
    }
  }
  return done;
}
