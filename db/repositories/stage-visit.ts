/** Who came by a stage's link, and which confirm screens, and so orders, began there. */
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** Counts a customer once a stage, however often they come. */
export async function openStage(em: EntityManager, visit: { stageId: number; customerId: number; at: Date }): Promise<void> {
  await run(
    em,
    `insert into stage_open as known (stage_id, customer_id, opened_at, last_opened_at) values ($1, $2, $3, $3)
     on conflict (stage_id, customer_id) do update set times = known.times + 1, last_opened_at = excluded.last_opened_at`,
    [visit.stageId, visit.customerId, visit.at],
  );
}

export interface StageConfirm {
  readonly stageId: number;
  readonly customerId: number;
  /** What is confirmed: the stage's product, or a variant of it. */
  readonly productId: number;
  /** Of the order it will be. */
  readonly code: string;
  readonly at: Date;
}

/** For how long a confirm screen is remembered that no order came of; the longest a basket waits for its money is a day. */
const forgottenDays = 7;

/** The order of this code begins at a stage. A button says which: it counts for who came by its link, and for its own product. */
export async function noteStageOrder(em: EntityManager, { stageId, customerId, productId, code, at }: StageConfirm): Promise<void> {
  await run(
    em,
    `with forgotten as (
       delete from stage_order f where f.customer_id = $2 and f.shown_at < $6 and not exists (select from "order" o where o.code = f.code))
     insert into stage_order (code, stage_id, customer_id, shown_at)
     select $4, s.id, v.customer_id, $5 from stage s
       join stage_open v on v.stage_id = s.id and v.customer_id = $2
       join product p on p.id = $3 and (p.id = s.product_id or p.variant_of = s.product_id)
      where s.id = $1
     on conflict (code) do nothing`,
    [stageId, customerId, productId, code, at, new Date(at.getTime() - forgottenDays * 86_400_000)],
  );
}

/** The stage at which the confirm screen with this code began, if it was one's own. */
export async function findStageOfCode(em: EntityManager, customerId: number, code: string): Promise<number | undefined> {
  const [row] = await run<{ stage_id: string }>(em, 'select stage_id from stage_order where code = $2 and customer_id = $1', [
    customerId,
    code,
  ]);
  return row && Number(row.stage_id);
}
