/** Claims: something delivered is faulty, and how that ends. */
import { expect } from 'vitest';
import type { Judge } from '../../db/repositories/approval.ts';
import { askClaim, describeClaim, findClaim, judgeClaim, listClaimable, withdrawClaim } from '../../db/repositories/claim.ts';
import type { ClaimReason, ClaimVerdict, ClaimView } from '../../domain/claim.ts';
import { ringClaim } from '../../temporal/claim.ts';
import { claimWorkflowId } from '../../workflows/messages/claim.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { addStaff } from './approvals.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import { eventNames, historyOf } from './history.ts';
import type { TestShop } from './shop.ts';
import { delivered, type Placed, type PlaceWish } from './story.ts';
import { waitFor } from './wait.ts';
import type { World } from './world.ts';

/** The customer says of a piece of their order that it is faulty. @returns the claim's id and code */
export async function claimOf(
  { db, secrets }: TestShop,
  { orderCode, customerId, at = new Date(), index = 0 }: { orderCode: string; customerId: number; at?: Date; index?: number },
): Promise<{ id: number; code: string }> {
  const piece = (await listClaimable(db.em.fork(), { orderCode, customerId, at: at.getTime() }))[index];
  if (!piece) throw new Error('Nothing of it can be claimed');
  const asked = await askClaim(db.em.fork(), { orderCode, customerId, lineId: piece.lineId, unitId: piece.unitId, at });
  if (!asked.ok) throw new Error(asked.rejected);
  const said = await describeClaim(db.em.fork(), secrets, { id: asked.claimId, customerId, text: 'The key says: used.', at });
  if (!said.ok) throw new Error(said.rejected);
  return { id: asked.claimId, code: said.code };
}

export const judge = (
  { db, shop }: TestShop,
  id: number,
  verdict: ClaimVerdict,
  { by = { actor: 'cli' }, reason, at = new Date() }: { by?: Judge; reason?: ClaimReason; at?: Date } = {},
) => judgeClaim(db.em.fork(), { id, shopId: shop.id, verdict, reason, by, at });

export async function claimView({ db, secrets }: TestShop, code: string): Promise<ClaimView> {
  const view = await findClaim(db.em.fork(), secrets, { code });
  if (!view) throw new Error('There is no such claim');
  return view;
}

/** A delivered order under warranty, of which one piece is claimed and staff are waited for. */
export async function claimOne(
  world: World,
  wish: Partial<PlaceWish> & { units?: number } = {},
): Promise<Placed & { id: number; code: string }> {
  const product = wish.product ?? (await world.addProduct({ units: wish.units ?? 2, warrantyDays: 14 }));
  const placed = await delivered(world, { method: 'wallet', cash: 5_000, ...wish, product });
  const claim = await claimOf(world, { orderCode: placed.orderCode, customerId: placed.customer.id });
  await ringClaim(world.door, claim.code);
  // Until it waits: a word that comes in its first task is another story.
  const waits = async () => expect(eventNames(await historyOf(world, claimWorkflowId(claim.code)))).toContain('TimerStarted');
  await waitFor(waits, { timeout: 20_000, interval: 50 });
  return { ...placed, ...claim };
}

/** Staff say what becomes of it, and ring. */
export async function decide(
  world: World,
  { id, code }: { id: number; code: string },
  verdict: ClaimVerdict,
  reason?: ClaimReason,
): Promise<void> {
  expect(await judge(world, id, verdict, { ...(reason ? { reason } : {}) })).toMatchObject({ ok: true });
  await ringClaim(world.door, code);
}

const endOf = (world: World, { code }: { code: string }) => ended(world, claimWorkflowId(code));

export const claimEndings: readonly Ending[] = [
  {
    name: 'claim-replaced',
    async run(world) {
      // Staff have a chat in which they are shown it.
      await addStaff(world);
      const claimed = await claimOne(world);
      await decide(world, claimed, 'replace');
      const end = await endOf(world, claimed);
      expect(await resultOf(world, deliveryWorkflowId(claimed.orderCode))).toBe('sent');
      return end;
    },
  },
  {
    name: 'claim-refunded',
    async run(world) {
      const claimed = await claimOne(world);
      await decide(world, claimed, 'refund');
      return endOf(world, claimed);
    },
  },
  {
    name: 'claim-refused',
    async run(world) {
      const claimed = await claimOne(world);
      await decide(world, claimed, 'refuse', 'works');
      return endOf(world, claimed);
    },
  },
  {
    name: 'claim-withdrawn',
    async run(world) {
      const claimed = await claimOne(world);
      expect(await withdrawClaim(world.db.em.fork(), { id: claimed.id, customerId: claimed.customer.id, at: new Date() })).toMatchObject({
        ok: true,
      });
      await ringClaim(world.door, claimed.code);
      return endOf(world, claimed);
    },
  },
  {
    name: 'claim-cancelled-in-ui',
    async run(world) {
      const claimed = await claimOne(world);
      await world.door.client.workflow.getHandle(claimWorkflowId(claimed.code)).cancel();
      return endOf(world, claimed);
    },
  },
];
