/** What outputs mean for deposits: a deposit for each that is worth something, and a word in its inbox when something has changed. */
import { randomBytes } from 'node:crypto';
import {
  type Coin,
  coinTraits,
  confirmationsFor,
  outputName,
  type OutputWord,
  reminedWithinSeconds,
  toCoinUnits,
} from '../../domain/chain.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { makeOrderCode } from '../../domain/order-code.ts';
import { valueOfUnits } from '../../domain/rate.ts';
import { isOpenOutput } from '../../db/entities/chain-watch.ts';
import { Deposit } from '../../db/entities/deposit.ts';
import { Payment } from '../../db/entities/payment.ts';
import { run } from '../../db/prepared.ts';
import type { EntityManager } from '../../db/orm.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { readConfirmations } from '../../db/repositories/chain-offer.ts';
import { readRate } from '../../db/repositories/rate.ts';

/** A deposit whose inbox has something new: its story is started or rung. */
export interface RungDeposit {
  readonly depositCode: string;
  readonly chainOutput: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly method: Coin;
  /** Minor units of the shop's currency. */
  readonly amount: number;
}

/** Prices what has no value yet, and tells deposits what has changed. */
export async function tellDeposits(em: EntityManager, coin: Coin, at: Date): Promise<RungDeposit[]> {
  for (const output of await listUnpriced(em, coin)) await price(em, coin, output, at);
  await em.flush();
  return tellChanges(em, coin, at);
}

interface Unpriced {
  readonly id: number;
  readonly txid: string;
  readonly vout: number;
  readonly shop_id: number;
  readonly customer_id: number;
  readonly units: string;
  readonly currency: string;
  readonly language: string;
  readonly account_id: number | null;
  /** The rate that was shown with the address, when it still held at first sight. */
  readonly quote_rate: string | null;
  readonly quote_rate_at: Date | null;
}

function listUnpriced(em: EntityManager, coin: Coin): Promise<Unpriced[]> {
  return run<Unpriced>(
    em,
    `select o.id::float8 as id, o.txid, o.vout, o.shop_id::float8 as shop_id, o.customer_id::float8 as customer_id, o.units::text as units,
            s.currency, c.language, p.id::float8 as account_id,
            case when o.first_seen_at <= a.quoted_until then a.quote_rate end as quote_rate,
            case when o.first_seen_at <= a.quoted_until then a.quote_rate_at end as quote_rate_at
       from chain_output o join shop s on s.id = o.shop_id join customer c on c.id = o.customer_id
       join chain_address a on a.id = o.address_id
       left join provider_account p on p.shop_id = o.shop_id and p.provider = 'chain'
      where o.coin = $1 and o.value is null and ${openOf('o')} order by o.id`,
    [coin],
  );
}

const openOf = (row: string) => isOpenOutput.replaceAll(/\b(value|told|state)\b/g, `${row}.$1`);

/** An output is worth what it was when it was first seen, whatever becomes of the chain. Without a rate it waits for one. */
async function price(em: EntityManager, coin: Coin, output: Unpriced, at: Date): Promise<void> {
  const { ticker } = coinTraits[coin];
  const quoted = output.quote_rate === null ? undefined : { rate: output.quote_rate, at: output.quote_rate_at ?? at };
  const valid = quoted ?? (await readRate(em, { base: ticker, quote: output.currency, at }));
  if (!valid) return;
  const units = toCoinUnits(BigInt(output.units));
  const value = valueOfUnits(units, valid.rate, output.currency);
  const euro = await readRate(em, { base: ticker, quote: 'EUR', at });
  const required = confirmationsFor(await readConfirmations(em, output.shop_id, coin), euro && valueOfUnits(units, euro.rate, 'EUR'));
  const depositId = value > 0 ? await openDeposit(em, coin, output, { value, units, ...valid, seenAt: at }) : null;
  await run(em, 'update chain_output set value = $2, rate = $3, rate_at = $4, required = $5, deposit_id = $6 where id = $1', [
    output.id,
    value,
    valid.rate,
    valid.at,
    required,
    depositId,
  ]);
}

async function openDeposit(
  em: EntityManager,
  coin: Coin,
  output: Unpriced,
  { value, units, rate, at, seenAt }: { value: number; units: string; rate: string; at: Date; seenAt: Date },
): Promise<number> {
  const { shop_id: shopId, customer_id: customerId, currency, language, txid, vout } = output;
  const code = makeOrderCode(randomBytes(8));
  const deposit = em.create(Deposit, {
    code,
    chainOutput: outputName({ coin, txid, vout }),
    shopId,
    customerId,
    status: 'opened',
    method: coin,
    currency,
    amount: value,
    openedAt: seenAt,
    expiresAt: seenAt,
    language,
  });
  em.persist(deposit);
  await em.flush();
  em.persist(
    em.create(Payment, {
      id: depositPaymentId(code),
      shopId,
      depositId: deposit.id,
      customerId,
      attempt: 1,
      method: coin,
      provider: 'chain',
      accountId: output.account_id,
      amount: value,
      currency,
      coin: coinTraits[coin].ticker,
      network: coinTraits[coin].title,
      units,
      unitsReceived: units,
      rate,
      rateAt: at,
      status: 'pending',
      openedAt: seenAt,
    }),
  );
  await em.flush();
  return deposit.id;
}

interface Change {
  readonly txid: string;
  readonly vout: number;
  readonly word: OutputWord;
  readonly words: number;
  readonly state: string;
  readonly block_hash: string | null;
  readonly block_height: number | null;
  readonly height: number;
  readonly code: string;
  readonly shop_id: number;
  readonly customer_id: number;
  readonly account_id: number | null;
  readonly value: number;
  readonly currency: string;
}

/** Compares where every open output stands with what its deposit was told last. Only a change is told, and only once. */
async function tellChanges(em: EntityManager, coin: Coin, at: Date): Promise<RungDeposit[]> {
  const changes = await run<Change>(
    em,
    `with judged as (
       select o.id, w.height, case
           when o.told in ('settled', 'reinstated') then
             case when o.state = 'gone' and w.height - o.spent_height + 1 >= o.required then 'withdrawn'
                  when o.state <> 'mined' and o.orphaned_at <= $2::timestamptz - make_interval(secs => $3) then 'withdrawn' end
           when o.state = 'mined' and w.height - o.block_height + 1 >= o.required then
             case when o.told = 'withdrawn' then 'reinstated' else 'settled' end
           when o.told = 'withdrawn' then null
           when o.state = 'mined' then 'confirming'
           when o.state = 'gone' then 'failed'
           else 'seen' end as word
         from chain_output o join chain_watch w on w.coin = o.coin
        where o.coin = $1 and o.deposit_id is not null and ${openOf('o')}),
     changed as (
       update chain_output o set told = j.word, words = o.words + 1 from judged j
        where j.id = o.id and j.word is not null and o.told is distinct from j.word
       returning o.*, j.height)
     select c.txid, c.vout, c.told as word, c.words, c.state, c.block_hash, c.block_height, c.height, d.code, c.shop_id::float8 as shop_id,
            c.customer_id::float8 as customer_id, p.account_id::float8 as account_id, c.value::float8 as value, d.currency
       from changed c join deposit d on d.id = c.deposit_id join payment p on p.deposit_id = d.id order by c.id`,
    [coin, at, reminedWithinSeconds],
  );
  for (const change of changes) await tell(em, change, at);
  return changes.map(({ txid, vout, code, shop_id: shopId, customer_id: customerId, value: amount }) => ({
    depositCode: code,
    chainOutput: outputName({ coin, txid, vout }),
    shopId,
    customerId,
    method: coin,
    amount,
  }));
}

/** Money that was taken back is an object of its own each time, and given again by the name it was taken by, which is the word before. */
const objectOf = ({ txid, vout, word, words }: Change) => {
  const output = `${txid}:${vout}`;
  return word === 'withdrawn' ? `${output}:${words}` : word === 'reinstated' ? `${output}:${words - 1}` : output;
};

async function tell(em: EntityManager, change: Change, at: Date): Promise<void> {
  const { txid, vout, word, words, state, value, currency, code, shop_id: shopId, account_id: accountId, ...facts } = change;
  await insertInboxRow(em, {
    shopId,
    provider: 'chain',
    accountId,
    source: 'asked',
    eventId: `${txid}:${vout}:${words}`,
    type: `chain.${state === 'orphaned' && word === 'seen' ? 'orphaned' : word}`,
    verdict: 'verified',
    kind: word,
    objectId: objectOf(change),
    paymentId: depositPaymentId(code),
    amount: value,
    currency,
    providerAt: at,
    body: Buffer.from(
      JSON.stringify({ txid, vout, word, state, blockHash: facts.block_hash, blockHeight: facts.block_height, height: facts.height }),
    ),
  });
}
