import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCommissionActivities } from '../../activities/commission.ts';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createPayoutActivities } from '../../activities/payout.ts';
import { createVoucherActivities } from '../../activities/voucher.ts';
import { createOrderActivities } from '../../activities/order.ts';
import { createBatch } from '../../db/repositories/voucher-batch.ts';
import { claimGiftLink, draftGiftLink, findGiftLink } from '../../db/repositories/voucher.ts';
import { applyCode } from '../../db/repositories/promo-code.ts';
import { createPromoCode } from '../../db/repositories/promo-code-staff.ts';
import { checkDatabase, findBroken, ruleNames } from '../../db/check.ts';
import { type Database, openDatabase } from '../../db/orm.ts';
import { visitCustomer } from '../../db/repositories/customer.ts';
import { insertInboxRow } from '../../db/repositories/inbox.ts';
import { openReferralCode } from '../../db/repositories/referral.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { makePayoutCode } from '../../domain/payout.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { addStaff, approving, say } from '../support/approvals.ts';
import { approve, close, iban, name, sent } from '../support/payouts.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
/** Only the owner can do what the checker must notice. */
let owner: Database;
const codes = {
  friend: newCode(),
  transfer: newCode(),
  deposit: newCode(),
  wallet: newCode(),
  card: newCode(),
  open: newCode(),
  promo: newCode(),
  expired: newCode(),
  sent: newCode(),
};
const start = Date.now() - 3_600_000;

beforeAll(async () => {
  world = await makeTestShop();
  owner = await openDatabase({ url: world.database.ownerUrl, poolSize: 1 });
  const steps = createOrderActivities({ db: world.db });
  const product = await world.addProduct({ units: 20, taxRate: 2_300 });
  const customer = await world.addCustomer({ cash: 50_000, bonus: 1_000 });
  await world.addCustomer();
  const place = async (orderCode: string, method: 'wallet' | 'card', at: number, holdSeconds = 3_600) => {
    const taker = method === 'wallet' ? customer : await world.addCustomer();
    return steps.open({ orderCode, place: world.placing(taker, product, { method, holdSeconds }), at });
  };
  await place(codes.wallet, 'wallet', start);
  await place(codes.sent, 'wallet', start);
  const code = await createPromoCode(world.db.em.fork(), {
    ...{
      shopId: world.shop.id,
      code: 'SPRING',
      description: '',
      kind: 'percent',
      value: 10,
      useLimit: 5,
      customerLimit: 1,
      minimumTotal: 0,
    },
    ...{
      firstOrderOnly: false,
      productId: null,
      categoryId: null,
      startsAt: null,
      endsAt: null,
      customerIds: [],
      actor: 'test',
      at: new Date(start),
    },
  });
  const saver = await world.addCustomer({ cash: 4_500 });
  await applyCode(world.db.em.fork(), { shopId: world.shop.id, customerId: saver.id, text: 'SPRING', at: new Date(start) });
  const promo = world.placing(saver, product, { shownTotal: 4_500, code: code?.id });
  expect(await steps.open({ orderCode: codes.promo, place: promo, at: start })).toMatchObject({ status: 'paid' });
  await place(codes.card, 'card', start);
  await insertInboxRow(world.db.em.fork(), {
    shopId: world.shop.id,
    provider: 'stripe',
    source: 'webhook',
    eventId: 'evt_1',
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: 'pi_1',
    paymentId: `${codes.card}-1`,
    amount: 5_000,
    currency: 'PLN',
    liveMode: false,
    providerAt: new Date(start + 1_000),
    body: Buffer.from('{}'),
  });
  await steps.settle({ orderCode: codes.card, at: start + 2_000 });
  await place(codes.expired, 'card', start, 60);
  await steps.wake({ orderCode: codes.expired, at: start + 61_000, closed: true });
  await place(codes.open, 'card', Date.now());
  await makeDeposit(customer.id);
  await bringFriend(customer.id);
  await makeTransfer();
  await makePayout();
  await makeVouchers();
});

/** A newcomer who came by somebody's link. */
async function bringFriend(referrerId: number): Promise<void> {
  const { db, secrets, shop } = world;
  const referralCode = await openReferralCode(db.em.fork(), { shopId: shop.id, customerId: referrerId });
  const visitor = { shopId: shop.id, telegramUserId: 77, chatId: 77, name: 'Friend', language: 'en' as const, referralCode };
  const friend = await visitCustomer(db.em.fork(), secrets, visitor);
  await makeDeposit(friend.id, codes.friend);
  const row = await createCommissionActivities({ db }).settleCommission({ depositCode: codes.friend, at: start + 3_000 });
  expect(row).toMatchObject({ status: 'paid' });
}

/** A transfer that staff approved. */
async function makeTransfer(): Promise<void> {
  const { db, secrets, shop } = world;
  const steps = createDepositActivities({ db, secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  const customer = await world.addCustomer();
  const wish = { amount: 5_000, method: 'bank', payWithinSeconds: 1_800, language: 'en' } as const;
  await steps.openDeposit({ depositCode: codes.transfer, open: { ...wish, shopId: shop.id, customerId: customer.id }, at: start });
  expect(await say(world, codes.transfer, await addStaff(world), approving(), start + 1_000)).toMatchObject({ ok: true });
  expect(await steps.settleDeposit({ depositCode: codes.transfer, at: start + 2_000 })).toMatchObject({ status: 'credited' });
}

/** Gift links: one that went back, one that somebody opened, one that waits; and a batch of codes. */
async function makeVouchers(): Promise<void> {
  const { db, secrets, shop } = world;
  const { advanceVoucher } = createVoucherActivities({ db });
  const giver = await world.addCustomer({ cash: 3_000, bonus: 500 });
  const receiver = await world.addCustomer();
  for (const fate of ['lapsed', 'claimed', 'open']) {
    const draft = { shopId: shop.id, customerId: giver.id, code: newCode(), amount: 1_000, at: new Date(start) };
    const voucherId = (await draftGiftLink(db.em.fork(), secrets, draft)) ?? 0;
    expect(await advanceVoucher({ voucherId, cancelled: false, at: Date.now() })).toMatchObject({ status: 'open' });
    const link = await findGiftLink(db.em.fork(), secrets, { id: voucherId, customerId: giver.id });
    const claimer = { shopId: shop.id, customerId: receiver.id, at: new Date(start + 1_000) };
    if (fate === 'claimed') await claimGiftLink(db.em.fork(), secrets, link?.payload ?? '', claimer);
    const row = await advanceVoucher({ voucherId, cancelled: fate === 'lapsed', at: start + 2_000 });
    expect(row).toMatchObject({ status: fate, over: fate !== 'open' });
  }
  const batch = { shopId: shop.id, name: 'Kiosk', amount: 2_000, count: 3, expiresAt: null, actor: 'test', at: new Date(start) };
  await createBatch(db.em.fork(), batch);
}

/** A part of that transfer, sent back by hand. */
async function makePayout(): Promise<void> {
  const { db, secrets } = world;
  const steps = createPayoutActivities({ db, secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  const payoutCode = makePayoutCode(codes.transfer, 1);
  const request = { depositCode: codes.transfer, actor: 'cli', reason: 'asked for', amount: 1_000 };
  expect(await steps.openPayout({ payoutCode, request, at: start + 3_000 })).toMatchObject({ ok: true });
  const by = await addStaff(world);
  for (const said of [
    await name(world, payoutCode, iban, start + 3_000),
    await approve(world, payoutCode, by, start + 3_000),
    await sent(world, payoutCode, by, start + 3_000),
    await close(world, payoutCode, by, 'succeeded', start + 3_000),
  ]) {
    expect(said).toMatchObject({ ok: true });
  }
  expect(await steps.advancePayout({ payoutCode, cancelled: false, at: start + 4_000 })).toMatchObject({ status: 'succeeded' });
}

/** One that was paid by card. */
async function makeDeposit(customerId: number, depositCode = codes.deposit): Promise<void> {
  const { db, secrets, shop } = world;
  const steps = createDepositActivities({ db, secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  const open = { shopId: shop.id, customerId, amount: 5_000, method: 'card', payWithinSeconds: 1_800, language: 'en' } as const;
  await steps.openDeposit({ depositCode, open, at: start });
  await insertInboxRow(db.em.fork(), {
    shopId: shop.id,
    provider: 'stripe',
    source: 'webhook',
    eventId: `evt_${depositCode}`,
    type: 'payment_intent.succeeded',
    verdict: 'verified',
    kind: 'settled',
    objectId: `pi_${depositCode}`,
    paymentId: depositPaymentId(depositCode),
    amount: 5_000,
    currency: 'PLN',
    liveMode: false,
    providerAt: new Date(start + 1_000),
    body: Buffer.from('{}'),
  });
  expect(await steps.settleDeposit({ depositCode, at: start + 2_000 })).toMatchObject({ status: 'credited' });
}
afterAll(async () => {
  await owner.close(true);
  await world.close();
});

test('a shop at work is in order', async () => {
  const report = await checkDatabase(world.db.em.fork(), { now: new Date(), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ ok: true, counts: { orders: 6, unitsHeld: 1, unitsSold: 4 } });
});

const orderId = (name: keyof typeof codes) => `(select id from "order" where code = '${codes[name]}')`;
const lineId = (name: keyof typeof codes) => `(select id from order_line where order_id = ${orderId(name)})`;
const refund = (status: string, amount: number) => `
  insert into refund (id, shop_id, order_id, payment_id, provider, amount, currency, scope, status, requested_by, reason, requested_at)
  select 'x-r1', shop_id, order_id, id, provider, ${amount}, currency, 'money', '${status}', 'test', 'test', now()
    from payment where id = '${codes.card}-1'`;

/** A dispute that took 1.00, and is in no ledger. */
const dispute = `
  insert into reversal (shop_id, payment_id, order_id, provider, object_id, kind, amount, loss, currency, opened_at, taken_at)
  select shop_id, id, order_id, provider, 'du_x', 'dispute', 100, 100, currency, now(), now() from payment where id = '${codes.card}-1'`;

/** A chain of two blocks with an output of ours in the first, which its deposit was `told` about. */
function chainOf({ told = 'seen' }: { readonly told?: string }): string {
  return `
    insert into chain_key (shop_id, coin, network, script_type, key, fingerprint, added_at)
      select min(id), 'btc', 'regtest', 'segwit', 'key', 'fingerprint', now() from shop;
    insert into chain_address (key_id, shop_id, customer_id, coin, address_index, address, script, shown_at)
      select k.id, k.shop_id, (select min(id) from customer), 'btc', 0, 'address', 'script', now() from chain_key k;
    insert into chain_watch (coin, height, hash) values ('btc', 10, 'ten');
    insert into chain_block (coin, height, hash, previous_hash) values ('btc', 9, 'nine', 'eight'), ('btc', 10, 'ten', 'nine');
    insert into chain_output (coin, txid, vout, address_id, shop_id, customer_id, units, state, first_seen_at, block_height, block_hash, value, required, told)
      select 'btc', 'tx', 0, id, shop_id, customer_id, 50000, 'mined', now(), 9, 'nine', 10000, 2, '${told}' from chain_address`;
}

/** A transfer between the first accounts that fit; `order` of the order that was bought by the wallet. */
const moved = (debit: string, credit: string, { ofOrder = false } = {}) => `
  insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, order_id, actor, reason, at)
  select d.shop_id, 'x#x', d.id, c.id, 1, d.currency, ${ofOrder ? orderId('wallet') : 'null::bigint'}, 'test', 'test', now()
    from account d join account c on c.shop_id = d.shop_id where d.${debit} and c.${credit} order by d.id, c.id limit 1`;
const heldOfWallet = () => `order_id = ${orderId('wallet')}`;

/** What the order bought by the wallet, of no kind that grants, does not bring. */
const granted = (kind: string, { credits = 'null', revokedAt = 'null' } = {}) => `
  insert into "grant" (shop_id, customer_id, order_line_id, product_id, kind, credits, granted_at, revoked_at)
  select o.shop_id, o.customer_id, l.id, l.product_id, '${kind}', ${credits}, now(), ${revokedAt}
    from order_line l join "order" o on o.id = l.order_id where o.id = ${orderId('wallet')}`;

/** Somebody waits for a product, as far as `more` says. */
const watched = (more: { readonly shop?: string; readonly toldAt?: string }) => `
  insert into stock_watch (shop_id, customer_id, product_id, asked_at, told_at)
  select ${more.shop ?? 'p.shop_id'}, (select min(id) from customer), p.id, now(), ${more.toldAt ?? 'null'} from product p limit 1`;

/** A stage of some product. */
const staged = (shop = 'p.shop_id') => `
  insert into stage (shop_id, product_id, title, description, label, payload, start_parameter, created_at, updated_at)
  select ${shop}, p.id, 'Key', 'Key', 'Key', 'x', 'stage_x', now(), now() from product p limit 1`;

/** A claim about the order bought by the wallet, with columns of its own. */
const claimed = (status: string, { code = codes.wallet, ...more }: Readonly<Record<string, string>> = {}) => `
  insert into claim (code, shop_id, customer_id, order_id, order_line_id, status, asked_at${Object.keys(more)
    .map((name) => `, ${name}`)
    .join('')})
  select '${code}-c1', o.shop_id, o.customer_id, o.id, ${lineId('wallet')}, '${status}', now()${Object.values(more)
    .map((value) => `, ${value}`)
    .join('')}
    from "order" o where o.id = ${orderId('wallet')}`;

/** What a broken program, a careless hand or a thief could leave behind, by the rule that must notice it. */
const damages: Readonly<Record<string, string>> = {
  'balances-equal-transfers': `update account set balance = balance + 1 where kind = 'cash' and balance > 0`,
  'running-balance-in-statements': `update transfer set credit_balance = null where credit_balance is not null`,
  'held-money-belongs-to-open-orders': `update account set balance = 5 where order_id = ${orderId('wallet')}`,
  'provider-money-counted-once': `
    insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, actor, reason, at)
    select shop_id, replace(key, '#in', '#again'), debit_account_id, credit_account_id, amount, currency, actor, reason, at from transfer where key like 'stripe:%:pi_1#in'`,
  'unverified-moves-nothing': `update inbox set verdict = 'refused', outcome = 'refused'`,
  'payments-hold-what-arrived': `update payment set received = received + 1 where id = '${codes.card}-1'`,
  'wallet-pays-once': `update payment set received = received + 1 where id = '${codes.wallet}-1'`,
  'orders-settled-once': `delete from transfer where key like 'order:${codes.wallet}:settle%'`,
  'paid-orders-are-covered': `update payment set applied = applied - 1 where id = '${codes.card}-1'`,
  'clearing-matches-providers': refund('succeeded', 100),
  'taken-back-is-in-the-ledger': dispute,
  'losses-are-disputes': dispute,
  'owed-refunds-are-open-refunds': refund('requested', 100),
  'refunds-within-payments': refund('requested', 999_999),
  'receipts-without-gaps': `update receipt set number = number + 100 where order_id = ${orderId('card')}`,
  'every-sale-has-its-receipt': `delete from receipt where order_id = ${orderId('wallet')}`,
  'pool-is-the-free-units': `delete from free_unit where unit_id = (select min(unit_id) from free_unit)`,
  'units-are-where-their-order-is': `update unit set state = 'held' where order_line_id = ${lineId('card')}`,
  'lines-have-exactly-their-units': `update unit set state = 'withdrawn', order_line_id = null where order_line_id = ${lineId('card')}`,
  'one-delivery-a-line': `delete from delivery where order_id = ${orderId('card')}`,
  'listed-is-what-is-shown': `update listing set position = position + 1`,
  'listed-is-found-by-its-words': `update listing_word set category_id = -1`,
  'paid-goods-are-told': `update "order" set paid_at = now() - interval '8 days' where code = '${codes.card}'`,
  'sent-goods-finish-their-order': `update delivery set status = 'sent', sent_at = now() - interval '1 hour' where order_id = ${orderId('sent')}`,
  'unfulfillable-orders-are-refunded': `update "order" set status = 'unfulfillable' where code = '${codes.card}'`,
  'goods-end-with-their-money': `update "order" set status = 'refunded' where id = ${orderId('card')}`,
  'shown-goods-stay-sold': `update delivery set status = 'revoked', shown_at = now() where order_id = ${orderId('card')}`,
  'orders-sum-their-lines': `update "order" set total = total + 1 where code = '${codes.open}'`,
  'tolerance-is-little-of-coins-that-came': `update payment set amount = 5100, tolerated = 100 where id = '${codes.card}-1'`,
  'tolerance-is-in-the-ledger': `update payment set tolerated = 1 where id = '${codes.open}-1'`,
  'no-order-past-its-deadline': `update "order" set hold_ends_at = now() - interval '5 minutes' where code = '${codes.open}'`,
  'ended-orders-have-no-open-payment': `update payment set status = 'pending' where order_id = ${orderId('expired')}`,
  'turned-away-is-never-placed': `insert into turned_away (order_code, customer_id, at) select code, customer_id, now() from "order" where code = '${codes.card}'`,
  'no-inbox-row-without-outcome': `update inbox set outcome = null, received_at = now() - interval '2 minutes'`,
  'deposits-credit-what-arrived': `update deposit set credited = credited + 1 where code = '${codes.deposit}'`,
  'deposits-reach-the-wallet': `
    update transfer set credit_account_id = (select id from account where kind = 'bonus' and balance is not null limit 1)
     where key like 'stripe:%:pi_${codes.deposit}#cash'`,
  'deposits-know-what-was-taken-back': `update deposit set reversed = 1 where code = '${codes.deposit}'`,
  'no-deposit-past-its-end': `update deposit set status = 'waiting', expires_at = now() - interval '1 hour' where code = '${codes.deposit}'`,
  'ended-deposits-have-no-open-payment': `update payment set status = 'pending' where id = 'deposit-${codes.deposit}'`,
  'deposits-keep-to-their-shop': `update deposit set customer_id = (select max(id) from customer where id <> deposit.customer_id)`,
  'transfers-are-credited-by-an-approval': `update approval set status = 'withdrawn'`,
  'approvals-reach-the-inbox': `delete from inbox where source = 'staff'`,
  'bank-references-credit-once': `
    drop index approval_reference_once; drop index approval_number_once;
    insert into approval (shop_id, deposit_id, number, verdict, status, amount, reference, sender, "by", at, total, second_above)
    select shop_id, deposit_id, number, verdict, status, amount, reference, sender, "by", at, total, second_above from approval`,
  'large-approvals-have-two-people': `update approval set total = total + 1`,
  'nobody-approves-their-own-money': `
    update customer set telegram_user_id = (select s.telegram_user_id from staff s join approval a on a."by" = 'staff:' || s.id)
     where id = (select customer_id from deposit where code = '${codes.transfer}')`,
  'payouts-are-in-the-ledger': `delete from transfer where key like '%:succeeded#out'`,
  'payouts-within-their-deposits': `update payout set amount = amount + 4001`,
  'payouts-follow-their-refunds': `
    ${refund('requested', 1)};
    update payout set deposit_id = null, refund_id = 'x-r1'`,
  'payouts-are-approved-by-others': `
    update customer set telegram_user_id = (select max(telegram_user_id) from staff)
     where id = (select customer_id from payout)`,
  'payouts-go-by-the-rail-of-their-money': `update payout set destination_kind = 'phone'`,
  'no-payout-past-its-time': `update payout set word = 'failed', word_at = now() - interval '1 hour'`,
  'auto-buys-buy-what-was-wished': `
    insert into auto_buy (code, shop_id, customer_id, lines, lines_key, from_basket, shown_total, language, status, asked_at, looked_at)
    select 'ZZZZZZZZ', shop_id, id, '[]', 'x', false, 100, 'en', 'bought', now(), now() from customer limit 1`,
  'no-auto-buy-past-its-end': `
    insert into auto_buy (code, shop_id, customer_id, lines, lines_key, from_basket, shown_total, language, status, asked_at, looked_at)
    select 'ZZZZZZZZ', shop_id, id, '[]', 'x', false, 100, 'en', 'waiting', now() - interval '8 days', now() from customer limit 1`,
  'rates-are-agreed-on': `
    insert into rate (base, quote, at, coingecko, coinbase, rate) values ('BTC', 'PLN', now(), 200000, 206000, 203000)`,
  'rates-do-not-jump': `
    insert into rate (base, quote, at, coingecko, coinbase, rate)
    values ('BTC', 'PLN', now() - interval '10 minutes', 200000, 200000, 200000), ('BTC', 'PLN', now(), 250000, 250000, 250000)`,
  'alerts-are-told': `
    update shop set staff_chat_id = 1;
    insert into alert (shop_id, key, kind, params, raised_at) select id, 'x', 'ratesBack', '{}', now() - interval '3 days' from shop`,
  'chain-cursors-stand-on-their-blocks': `${chainOf({})}; update chain_watch set hash = 'another'`,
  'chain-outputs-are-credited-once': chainOf({ told: 'settled' }),
  'confirmed-chain-outputs-are-settled': `${chainOf({ told: 'confirming' })}; update chain_output set deposit_id = (select min(id) from deposit)`,
  'chain-deposits-are-of-their-output': `update deposit set chain_output = 'btc:tx:0' where id = (select min(id) from deposit)`,
  'referrers-were-there-first': `delete from referrer`,
  'referrals-keep-to-their-shop': `
    insert into shop (slug, title, currency, webhook_endpoint_id) values ('another', 'Another', 'PLN', 'another');
    update referral set shop_id = (select max(id) from shop)`,
  'newcomers-and-referrers-are-told': `delete from notice where key like 'friendJoined:%'`,
  'commissions-are-the-rate-of-what-stayed': `update commission set reversed = 1000`,
  'commissions-are-in-the-ledger': `delete from transfer where key like 'deposit:%:commission:%'`,
  'earnings-are-commissions': `update referrer set earnings = earnings + 1`,
  'commission-is-no-other-expense': `
    insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, actor, reason, at)
    select shop_id, 'gift#bonus', debit_account_id, credit_account_id, 1, currency, actor, reason, at from transfer where key like 'deposit:%:commission:%'`,
  'commissions-go-to-whoever-brought-them': `update commission set referrer_id = (select max(id) from customer)`,
  'deposits-of-friends-are-reckoned-with': `update commission set due_at = now() - interval '1 hour', eligible = 0`,
  'tiers-are-told': `update referrer set earnings = 10000`,
  'badges-were-earned': `insert into achievement (customer_id, shop_id, name) select max(id), max(shop_id), 'tenFriends' from customer`,
  'friends-and-top-ups-bring-their-badge': `delete from achievement where name = 'firstFriend'`,
  'stars-money-buys-digital-goods-only': `${moved("kind = 'stars'", heldOfWallet())};
    update order_line set kind = 'pickup' where order_id = ${orderId('wallet')}`,
  'stars-money-comes-from-stars': moved("kind = 'cash'", "kind = 'stars'"),
  'orders-return-what-stars-paid': moved(heldOfWallet(), "kind = 'stars'", { ofOrder: true }),
  'conversions-are-deposits': `
    insert into account (shop_id, kind, currency, owner, grows_by) select id, 'conversion', currency, '', 'credit' from shop;
    ${moved("kind = 'conversion'", "kind = 'stars'")}`,
  'vouchers-hold-what-was-given': `update account set balance = balance - 1 where kind = 'voucher' and balance > 0`,
  'vouchers-are-claimed-once': `update voucher set booked_at = null where booked_at is not null`,
  'gift-links-go-back-as-they-came': `update voucher set from_bonus = 999 where status = 'lapsed'`,
  'no-voucher-past-its-end': `update voucher set expires_at = now() - interval '1 hour' where kind = 'link' and status = 'open'`,
  'voucher-batches-are-whole': `update voucher_batch set count = 4`,
  'promo-uses-are-counted': `update promo_code set remaining = 5`,
  'promo-uses-follow-their-orders': `update promo_use set status = 'reserved'`,
  'promo-codes-take-off-what-lines-say': `update promo_use set saved = saved + 1`,
  'promo-codes-within-each-customers-limit': `
    insert into promo_use (shop_id, promo_code_id, order_id, customer_id, status, saved, saved_stars, reserved_at)
    select shop_id, promo_code_id, ${orderId('open')}, customer_id, 'used', 0, 0, now() from promo_use`,
  'paid-lines-are-granted-once': granted('course'),
  'grants-are-what-was-bought': granted('course'),
  'grants-end-with-their-money': granted('course', { revokedAt: 'now()' }),
  'credits-are-in-the-ledger': granted('credits', { credits: '10' }),
  'sold-credits-were-bought': `
    insert into account (shop_id, kind, currency, owner, grows_by) select id, 'credits:sold', 'CREDIT', '', 'debit' from shop;
    ${moved("kind = 'credits:sold'", "kind = 'cash'")}`,
  'told-watches-have-their-notice': watched({ toldAt: 'now()' }),
  'watches-are-of-one-shop': `
    insert into shop (slug, title, currency, webhook_endpoint_id) values ('another', 'Another', 'PLN', 'another');
    ${watched({ shop: '(select max(id) from shop)' })}`,
  'stock-alarms-were-raised': `insert into stock_alarm (product_id, shop_id, level, changes) select id, shop_id, 'low', 1 from product limit 1`,
  'stages-keep-to-their-shop': `
    insert into shop (slug, title, currency, webhook_endpoint_id) values ('another', 'Another', 'PLN', 'another');
    ${staged('(select max(id) from shop)')}`,
  'stage-orders-came-by-its-link': `
    ${staged()};
    insert into stage_order (code, stage_id, customer_id, shown_at) select 'ZZZZZZZZ', s.id, c.id, now() from stage s, customer c limit 1`,
  'stage-messages-are-told': `
    ${staged()};
    insert into stage_send (shop_id, stage_id, customer_id, key, actor, asked_at) select s.shop_id, s.id, null, 'x', 'cli', now() from stage s`,
  'claims-came-to-what-was-said': claimed('withdrawn'),
  'replaced-units-are-withdrawn': claimed('withdrawn', { replacement_id: '(select min(id) from unit)' }),
  'replacements-follow-their-line': claimed('replaced', {
    ...{ verdict: `'replace'`, verdict_by: `'test'`, description: `'\\x00'`, opened_at: 'now()', closed_at: 'now()', round: '2' },
    replacement_id: `(select min(id) from unit where state = 'free')`,
  }),
  'refunded-claims-have-their-refund': claimed('refunded', {
    ...{ verdict: `'refund'`, verdict_by: `'test'`, description: `'\\x00'`, opened_at: 'now()' },
    closed_at: 'now()',
  }),
  'claims-are-of-their-customer': claimed('asked', { code: 'ZZZZZZZZ' }),
  'shops-keep-to-themselves': `update payment set customer_id = (select max(id) + 0 from customer where id <> payment.customer_id)`,
};

describe('the checker notices', () => {
  test('every rule has its damage here', () => {
    expect(Object.keys(damages).toSorted()).toEqual(ruleNames.toSorted());
  });

  test.each(Object.entries(damages))('%s', async (rule, damage) => {
    const undone = new Error('undone');
    const work = owner.em.fork().transactional(async (em) => {
      for (const name of [
        'account',
        'transfer',
        'unit',
        '"order"',
        'deposit',
        'refund',
        'referral',
        'commission',
        'approval',
        'payout',
        'promo_use',
        'voucher',
      ])
        await em.execute(`alter table ${name} disable trigger user`);
      await em.execute(damage);
      const now = new Date();
      const findings = await findBroken(em, { now, settledBefore: new Date(now.getTime() - 60_000) });
      expect(findings.map((finding) => finding.rule)).toContain(rule);
      throw undone;
    });
    await expect(work).rejects.toBe(undone);
  });
});
