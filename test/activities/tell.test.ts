/** What was sent and could not be noted at once. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { orderWorkflowId } from '../../workflows/messages/order.ts';
import { resultOf } from '../support/endings.ts';
import { isGreen, placeOne } from '../support/story.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(() => world?.close());

it('sends goods once, without a button after them, when the note of it is broken off by a deadlock', async () => {
  const owner = new pg.Client(world.database.ownerUrl);
  await owner.connect();
  await owner.query(
    `create sequence struck;
     grant usage on sequence struck to tillflow_app;
     create function strike() returns trigger language plpgsql as $$
       begin
         if nextval('struck') < 3 then raise exception 'struck on purpose' using errcode = '40P01'; end if;
         return null;
       end $$;
     create trigger strike after update on delivery for each row when (new.status = 'sent') execute function strike()`,
  );
  await owner.end();
  const placed = await placeOne(world, { method: 'wallet', cash: 5000 });
  expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
  const chat = await world.chat(placed.customer);
  expect(chat.filter(({ text }) => text.includes('SECRET-'))).toHaveLength(1);
  expect(chat.filter(({ text }) => text.startsWith('Your goods are here'))).toHaveLength(0);
  await isGreen(world);
});
