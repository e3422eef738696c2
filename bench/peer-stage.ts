/** What a peer runs on: a database of its own in the same cluster, with the product's tables, and customers and goods of its own. */
import { createServer } from 'node:net';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/orm.ts';
import type { Secrets } from '../db/secrets.ts';
import type { BenchContext } from './harness/bench.ts';
import { expectEachOnce, expectSame } from './harness/correct.ts';
import { type Market, openMarket, type Tap } from './market.ts';
import type { PeerTap } from './peers/shop.ts';
import { type BenchStack, waitForAnswer } from './stack.ts';

export interface PeerStage {
  readonly ownerUrl: string;
  readonly botApi: string;
  /** Customers who pay from the wallet, or outside. */
  makeTaps(count: number, method: 'wallet' | 'card'): Promise<readonly PeerTap[]>;
  /** Rows and chats: each of them delivered once, its unit sold, its money booked. @throws RoundError */
  check(taps: readonly PeerTap[]): Promise<void>;
}

/** Peers keep goods as they are: sealing is Tillflow's own work. */
const plain: Secrets = {
  seal: (_place, text) => Buffer.from(text),
  open: (_place, sealed) => Buffer.from(sealed).toString(),
  isCurrent: () => true,
  sign: () => Buffer.alloc(16),
  isSigned: () => true,
};

/** @param number of its market, from 1 on */
export async function openPeerStage(
  { config }: BenchStack,
  { onCleanUp }: Pick<BenchContext, 'onCleanUp'>,
  name: string,
  number: number,
): Promise<PeerStage> {
  const database = `peer_${name}`;
  const ownerUrl = toDatabase(config.ownerDatabaseUrl, database);
  const owner = await openDatabase({ url: config.ownerDatabaseUrl, poolSize: 1, applicationName: 'tillflow-bench' });
  await owner.em.execute(`create database ${database}`).finally(() => owner.close(true));
  await migrate({ ownerDatabaseUrl: ownerUrl });
  const db = await openDatabase({ url: toDatabase(config.databaseUrl, database), poolSize: 4, applicationName: 'tillflow-bench' });
  onCleanUp(() => db.close(true));
  const market: Market = await openMarket({ db, secrets: plain, sandboxUrl: config.sandboxUrl, number });
  // Every market sells for the same money through accounts that are there from the beginning.
  await db.em.execute(
    `insert into account (shop_id, kind, currency, owner, grows_by)
     select s.id, a.kind, s.currency, '', a.grows_by from shop s, (values ('revenue', 'credit'), ('clearing:stripe', 'debit')) a(kind, grows_by)
     on conflict do nothing`,
  );
  const tapOf = new Map<string, Tap>();

  return {
    ownerUrl,
    botApi: `${config.sandboxUrl}/telegram`,

    async makeTaps(count, method) {
      const taps = await market.makeTaps(count, method);
      return taps.map((tap) => {
        tapOf.set(tap.orderCode, tap);
        return toPeerTap(tap, method);
      });
    },

    async check(taps) {
      const codes = taps.map(({ orderCode }) => orderCode);
      await market.expectDelivered(codes.flatMap((code) => tapOf.get(code) ?? []));
      tapOf.clear();
      const rows: { code: string; held: string; booked: string; total: string }[] = await db.em.fork().execute(
        `select o.code, o.total, coalesce((select sum(balance) from account a where a.order_id = o.id), 0) as held,
                coalesce((select sum(t.amount) from transfer t join account a on a.id = t.credit_account_id
                           where t.order_id = o.id and a.kind = 'revenue'), 0) as booked
           from "order" o join order_line l on l.order_id = o.id join unit u on u.order_line_id = l.id and u.state = 'sold'
           join delivery d on d.order_line_id = l.id and d.status = 'sent'
          where o.status = 'delivered' and o.code in (${codes.map(() => '?').join(',')})`,
        codes,
      );
      expectEachOnce(
        `orders delivered by ${name}`,
        codes,
        rows.map(({ code }) => code),
      );
      for (const { code, total, booked, held } of rows) {
        expectSame(`money booked for ${code}`, Number(total), Number(booked));
        expectSame(`money still held for ${code}`, 0, Number(held));
      }
      const [spent]: { left: string }[] = await db.em.fork().execute(
        `select coalesce(sum(a.balance), 0) as left from account a join "order" o on o.customer_id = a.customer_id
          where a.kind = 'cash' and o.code in (${codes.map(() => '?').join(',')})`,
        codes,
      );
      expectSame('money left in wallets', 0, Number(spent?.left));
    },
  };
}

function toPeerTap({ orderCode, botToken, place }: Tap, method: 'wallet' | 'card'): PeerTap {
  const [line] = place.lines;
  if (!line || !place.screen) throw new Error(`The tap of ${orderCode} names no product or screen`);
  const { shopId, customerId, shownTotal: price, screen } = place;
  const { chatId, messageId: screenMessageId } = screen;
  return { orderCode, shopId, customerId, chatId, screenMessageId, productId: line.productId, price, currency: 'PLN', botToken, method };
}

function toDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Starts a peer that is a web server of its own and waits until it answers. @returns its address */
export async function startPeerServer({ spawnNode }: BenchStack, name: string, { ownerUrl, botApi }: PeerStage): Promise<string> {
  const port = await takePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawnNode(name, [`bench/peers/${name}/app.ts`, String(port), ownerUrl, botApi]);
  await waitForAnswer(`${url}/health`, server);
  return url;
}

async function takePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
