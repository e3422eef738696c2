import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { createRinger, type Ring } from '../../api/ringer.ts';
import { makeFakeDoor } from '../support/fake-door.ts';

const log = pino({ level: 'silent' });
const ringOf = (more: Partial<Ring>): Ring => ({
  inboxId: 1,
  about: { noun: 'order', code: 'AAAAAAAA' },
  shopId: 1,
  provider: 'stripe',
  objectId: 'pi_1',
  ...more,
});
const settleDown = () => new Promise((done) => setTimeout(done, 50));

describe('the ringer', () => {
  test('rings each order, and one waiting ring stands for all events of its object', async () => {
    const fake = makeFakeDoor();
    const ringer = createRinger({ door: fake.door, log });
    for (let index = 0; index < 40; index += 1)
      ringer.ring(ringOf({ inboxId: index, about: { noun: 'order', code: `CODE${index % 10}` }, objectId: `pi_${index % 10}` }));
    await settleDown();
    expect(new Set(fake.rung).size).toBe(10);
    expect(fake.rung.length).toBeLessThan(40);
  });

  test('an order is rung again only when it has answered', async () => {
    const fake = makeFakeDoor();
    const ringer = createRinger({ door: fake.door, log });
    for (let index = 0; index < 20; index += 1) ringer.ring(ringOf({ inboxId: index, objectId: `pi_${index}` }));
    ringer.ring(ringOf({ about: { noun: 'order', code: 'BBBBBBBB' } }));
    await vi.waitFor(() => expect(fake.rung).toHaveLength(21));
    expect(fake.mostAtOneDoor).toBe(1);
  });

  test('two objects of one order are two rings: closed, it makes a stray of each', async () => {
    const fake = makeFakeDoor();
    fake.closed.add('order:AAAAAAAA');
    const ringer = createRinger({ door: fake.door, log });
    for (const objectId of ['pi_1', 'pi_2']) ringer.ring(ringOf({ objectId }));
    await settleDown();
    expect(fake.started).toEqual(['stray:stripe:pi_1', 'stray:stripe:pi_2']);
    // Closed is closed, however one rings.
    expect(fake.calls).toBe(2);
  });

  test('with Temporal away nothing is thrown, and it rings again afterwards', async () => {
    const fake = makeFakeDoor();
    fake.away = true;
    const ringer = createRinger({ door: fake.door, log });
    ringer.ring(ringOf({}));
    await settleDown();
    fake.away = false;
    ringer.ring(ringOf({}));
    await settleDown();
    expect(fake.rung).toEqual(['order:AAAAAAAA']);
  });

  test('a flood waits in a bounded queue; the relay rings for the rest', async () => {
    const fake = makeFakeDoor();
    const ringer = createRinger({ door: fake.door, log });
    for (let index = 0; index < 5_000; index += 1)
      ringer.ring(ringOf({ inboxId: index, about: { noun: 'order', code: `CODE${index}` }, objectId: `pi_${index}` }));
    await vi.waitFor(() => expect(fake.rung.length).toBeGreaterThanOrEqual(1_000));
    await settleDown();
    expect(fake.rung.length).toBeLessThan(1_100);
  });
});
