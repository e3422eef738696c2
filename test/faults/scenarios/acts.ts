/** What scenarios about orders of a world do and ask again and again. They throw, so that they work outside of a test too. */
import { CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import { pino } from 'pino';
import { readWallet } from '../../../db/repositories/ledger.ts';
import { orderWorkflowId } from '../../../workflows/messages/order.ts';
import { viewOf } from '../../support/story.ts';
import type { World } from '../../support/world.ts';
import { startRelay } from '../../../workers/relay.ts';
import type { Round } from '../harness/scenario.ts';

/** Waits until an order's workflow has closed. @returns the status of its row then */
export async function untilClosed(world: World, orderCode: string): Promise<string> {
  await untilGone(world, orderCode);
  return (await viewOf(world, orderCode)).status;
}

/** Waits until an order's workflow has closed, also when it leaves no row. */
export async function untilGone(world: World, orderCode: string): Promise<void> {
  // A cancel in the UI closes it as cancelled, which its handle throws.
  await world.door.client.workflow
    .getHandle(orderWorkflowId(orderCode))
    .result()
    .catch((err: unknown) => {
      if (!(err instanceof WorkflowFailedError && err.cause instanceof CancelledFailure)) throw err;
    });
}

/** The world with a relay at work, as every worker process has one. */
export async function openRelayedWorld(round: Pick<Round, 'world' | 'share'>): Promise<World> {
  const world = await round.world();
  await round.share('relay', async () => {
    const relay = startRelay({ db: world.db, door: world.door, log: pino({ level: 'silent' }) });
    return { close: () => relay.stop() };
  });
  return world;
}

/** Runs `work` over all of them, at most so many at once. @throws the first failure, when all have ended */
export async function eachOf<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const take = async () => {
    for (let index = next++; index < items.length && failures.length === 0; index = next++) {
      try {
        answers[index] = await work(items[index] as Item, index);
      } catch (err) {
        failures.push(err);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, take));
  if (failures.length > 0) throw failures[0];
  return answers;
}

export async function cashOf(world: Pick<World, 'db' | 'shop'>, customer: { readonly id: number }): Promise<number> {
  return (await readWallet(world.db.em.fork(), world.shop, customer.id)).cash;
}

/** How often the customer was shown the secret itself. */
export async function countSecrets(world: World, customer: { readonly chatId: number }): Promise<number> {
  return (await world.chat(customer)).filter((line) => line.text.includes('SECRET-')).length;
}

/** Units of a product that are free, held and sold. */
export async function countUnits(world: Pick<World, 'db'>, productId: number): Promise<Readonly<Record<string, number>>> {
  const rows: { state: string; n: number }[] = await world.db.em
    .fork()
    .execute('select state, count(*)::int as n from unit where product_id = ? group by state', [productId]);
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** All orders of a list, in every order. */
export function permutationsOf<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) => permutationsOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

/** How often each value is there, as words: `delivered 3, expired 1`. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([value, count]) => `${value} ${count}`)
    .join(', ');
}
