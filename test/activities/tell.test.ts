/** What was sent and could not be noted at once, and in whose words. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeWording } from '../../db/repositories/wording.ts';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { resultOf } from '../support/ending.ts';
import { isGreen, placeOne } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(() => world?.close());

/** The next notes that a delivery was sent fail. */
async function failNotes(count: number, errcode: string): Promise<void> {
  const owner = new pg.Client(world.database.ownerUrl);
  await owner.connect();
  await owner.query(
    `create sequence if not exists struck;
     alter sequence struck restart;
     grant usage on sequence struck to tillflow_app;
     create or replace function strike() returns trigger language plpgsql as $$
       begin
         if nextval('struck') <= ${count} then raise exception 'struck on purpose' using errcode = '${errcode}'; end if;
         return null;
       end $$;
     create or replace trigger strike after update on delivery for each row when (new.status = 'sent') execute function strike()`,
  );
  await owner.end();
}

it.each([
  ['is broken off by a deadlock', 2, '40P01'],
  // Longer than the first try may take: the next one waits for it.
  ['finds the disk full for seven seconds', 5, '53100'],
] as const)('sends goods once, without a button after them, when the note of it %s', async (_, count, errcode) => {
  await failNotes(count, errcode);
  const placed = await placeOne(world, { method: 'wallet', cash: 5000 });
  expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
  const chat = await world.chat(placed.customer);
  expect(chat.filter(({ text }) => text.includes('SECRET-'))).toHaveLength(1);
  expect(chat.filter(({ text }) => text.startsWith('Your goods are here'))).toHaveLength(0);
  await isGreen(world);
});

it("speaks to the customer in the shop's own words, in the goods and on the delivered order", async () => {
  const change = { shopId: world.shop.id, language: 'en', actor: 'test', at: new Date() } as const;
  await changeWording(world.db.em.fork(), { ...change, id: 'order-thanks', text: 'Come again!' });
  await changeWording(world.db.em.fork(), { ...change, id: 'goods-tap', text: 'Peel it off.' });
  const placed = await placeOne(world, { method: 'wallet', cash: 5000 });
  expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
  const chat = await world.chat(placed.customer);
  expect(chat.filter(({ text }) => text.includes('SECRET-') && text.includes('Peel it off.'))).toHaveLength(1);
  expect(chat.filter(({ text }) => text.includes('Come again!'))).toHaveLength(1);
  await isGreen(world);
});
