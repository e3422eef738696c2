/** Public account keys of shops, and the addresses that were given out of them. */
import type { ChainNetwork, Coin, ScriptType } from '../../domain/chain.ts';
import { coinTraits, gapLimit, gapWarning } from '../../domain/chain.ts';
import { type AccountKey, AccountKeyError, readAccountKey } from '../account-key.ts';
import { Audit } from '../entities/audit.ts';
import { ChainAddress, ChainKey } from '../entities/chain-key.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { raiseAlert } from './alert.ts';
import { findAccount, saveAccount } from './provider-account.ts';
import { drawIds, type Secrets } from '../secrets.ts';

/** How many addresses the owner compares with their wallet. */
const shownFirst = 3;

export interface NewChainKey {
  readonly shopId: number;
  readonly coin: Coin;
  readonly network: ChainNetwork;
  readonly scriptType?: ScriptType | undefined;
  readonly key: string;
  readonly actor: string;
  readonly at: Date;
}

/** Keeps a key, which stays off until it is confirmed; one that was not confirmed before gives way. @throws AccountKeyError */
export async function addChainKey(
  em: EntityManager,
  secrets: Secrets,
  wish: NewChainKey,
): Promise<{ addresses: string[]; account: AccountKey }> {
  const { shopId, coin, network, scriptType, key, actor, at } = wish;
  const account = readAccountKey(key, { coin, network, scriptType });
  await em.transactional(async (tx) => {
    await tx.nativeDelete(ChainKey, { shopId, coin, confirmedAt: null });
    const known = await tx.findOne(ChainKey, { fingerprint: account.fingerprint });
    if (known)
      throw new AccountKeyError(
        known.shopId === shopId && known.coin === coin && !known.retiredAt
          ? 'key: this key is in use already.'
          : 'key: this key served another shop or coin before; one key serves one shop and coin.',
      );
    const [id = 0] = await drawIds(tx, 'chain_key');
    const sealed = secrets.seal({ table: 'chain_key', column: 'key', id }, key);
    const { fingerprint } = account;
    tx.persist(tx.create(ChainKey, { id, shopId, coin, network, scriptType: account.scriptType, key: sealed, fingerprint, addedAt: at }));
    record(tx, { shopId, actor, action: 'chainKey.add', coin, after: { fingerprint, scriptType: account.scriptType, network }, at });
  });
  return { addresses: firstAddresses(account), account };
}

const firstAddresses = (account: AccountKey) => Array.from({ length: shownFirst }, (_, index) => account.address(index).address);

/** Why a confirmation came to nothing. */
export type ConfirmRefusal = 'nothingToConfirm' | 'anotherAddress';

/** The owner found the addresses in their wallet: `lastAddress` is the third of them. Deposits of the coin are on from here. */
export async function confirmChainKey(
  em: EntityManager,
  secrets: Secrets,
  { shopId, coin, lastAddress, actor, at }: Pick<NewChainKey, 'shopId' | 'coin' | 'actor' | 'at'> & { readonly lastAddress: string },
): Promise<ConfirmRefusal | undefined> {
  return em.transactional(async (tx) => {
    const key = await tx.findOne(ChainKey, { shopId, coin, confirmedAt: null });
    if (!key) return 'nothingToConfirm';
    if (firstAddresses(openChainKey(secrets, key)).at(-1) !== lastAddress) return 'anotherAddress';
    await tx.nativeUpdate(ChainKey, { shopId, coin, confirmedAt: { $ne: null }, retiredAt: null }, { retiredAt: at });
    Object.assign(key, { confirmedAt: at, confirmedBy: actor });
    if (!(await findAccount(tx, shopId, 'chain')))
      await saveAccount(tx, secrets, { shopId, provider: 'chain', liveMode: key.network === 'main' });
    record(tx, { shopId, actor, action: 'chainKey.confirm', coin, after: { fingerprint: key.fingerprint }, at });
    return undefined;
  });
}

function openChainKey(secrets: Secrets, { id, key, coin, network, scriptType }: ChainKey): AccountKey {
  return readAccountKey(secrets.open({ table: 'chain_key', column: 'key', id }, key), { coin, network, scriptType });
}

export interface ChainKeyState {
  readonly coin: Coin;
  readonly network: ChainNetwork;
  readonly scriptType: ScriptType;
  readonly state: 'unconfirmed' | 'serving' | 'retired';
  readonly addresses: number;
  /** Addresses in a row, newest first, that nobody has paid to. */
  readonly unusedInARow: number;
}

/** A shop's keys, for people who watch. */
export async function listChainKeys(em: EntityManager, shopId: number): Promise<ChainKeyState[]> {
  const keys = await em.find(ChainKey, { shopId }, { orderBy: { id: 'asc' } });
  return Promise.all(
    keys.map(async (key) => ({
      coin: key.coin,
      network: key.network,
      scriptType: key.scriptType,
      state: key.retiredAt ? ('retired' as const) : key.confirmedAt ? ('serving' as const) : ('unconfirmed' as const),
      addresses: key.nextIndex,
      unusedInARow: await countUnused(em, key),
    })),
  );
}

async function countUnused(em: EntityManager, { id, nextIndex }: ChainKey): Promise<number> {
  const [row]: { last: number }[] = await em.execute(
    'select coalesce(max(address_index), -1) as last from chain_address where key_id = ? and used_at is not null',
    [id],
  );
  return nextIndex - 1 - (row?.last ?? -1);
}

export type AddressAnswer =
  /** `unusedInARow`: set when this address was given out now. */
  | { readonly address: ChainAddress; readonly unusedInARow?: number }
  | { readonly address: undefined; readonly why: 'noKey' | 'tooManyUnused' };

/**
 * The address of a customer for a coin: the same one for ever, made when it is asked for first. Who asks at the same instant waits for the
 * other. A new one is not made when as many were given out in a row and never paid to as a wallet looks ahead.
 */
export async function giveAddress(
  em: EntityManager,
  secrets: Secrets,
  { shopId, customerId, coin, at }: { readonly shopId: number; readonly customerId: number; readonly coin: Coin; readonly at: Date },
): Promise<AddressAnswer> {
  const serving = { shopId, coin, confirmedAt: { $ne: null }, retiredAt: null };
  const current = await em.findOne(ChainKey, serving);
  if (!current) return { address: undefined, why: 'noKey' };
  const theirs = await em.findOne(ChainAddress, { keyId: current.id, customerId });
  if (theirs) return { address: theirs };
  return em.fork().transactional(async (tx): Promise<AddressAnswer> => {
    await tx.execute('select id from chain_key where id = ? for update', [current.id]);
    const key = await tx.findOne(ChainKey, { ...serving, id: current.id });
    if (!key) return { address: undefined, why: 'noKey' };
    const made = await tx.findOne(ChainAddress, { keyId: key.id, customerId });
    if (made) return { address: made };
    const unused = await countUnused(tx, key);
    if (unused >= gapLimit) return { address: undefined, why: 'tooManyUnused' };
    const index = key.nextIndex;
    const { address, script } = openChainKey(secrets, key).address(index);
    const fresh = tx.create(ChainAddress, {
      keyId: key.id,
      shopId,
      customerId,
      coin,
      index,
      address,
      script: Buffer.from(script),
      shownAt: at,
    });
    tx.persist(fresh);
    key.nextIndex = index + 1;
    const kind = unused + 1 === gapWarning ? 'addressesUnused' : unused + 1 === gapLimit ? 'addressesUsedUp' : undefined;
    const what = { coin: coinTraits[coin].title, count: unused + 1 };
    if (kind) await raiseAlert(tx, { shopId, key: `chain:${key.id}:${index}`, kind, params: what, at });
    await tx.flush();
    return { address: fresh, unusedInARow: unused + 1 };
  });
}

function record(
  em: EntityManager,
  { coin, ...line }: { shopId: number; actor: string; action: string; coin: Coin; after: unknown; at: Date },
): void {
  em.persist(em.create(Audit, { ...line, subject: 'chainKey', subjectId: coin, before: null }));
}

/** Whether any shop takes the coin, or did: addresses that were shown are watched for ever. */
export async function servesCoin(em: EntityManager, coin: Coin): Promise<boolean> {
  const rows = await run(em, 'select 1 from chain_key where coin = $1 and confirmed_at is not null limit 1', [coin]);
  return rows.length > 0;
}

/** Addresses somebody looked at since `since`, and so may be paying to; the latest first. */
export async function listAskedAddresses(em: EntityManager, coin: Coin, since: Date, limit: number): Promise<string[]> {
  const rows = await run<{ address: string }>(
    em,
    'select address from chain_address where coin = $1 and shown_at > $2 order by shown_at desc limit $3',
    [coin, since, limit],
  );
  return rows.map(({ address }) => address);
}
