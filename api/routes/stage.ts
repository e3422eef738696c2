/** Stages by programs of a shop's owner: the shop is the token's, so no number of another shop is known here. */
import { type Context, Hono } from 'hono';
import type { Shop } from '../../db/entities/shop.ts';
import type { Stage, StageSend } from '../../db/entities/stage.ts';
import {
  createStage,
  findStage,
  listStages,
  quoteStages,
  removeStage,
  type StageRefusal,
  updateStage,
} from '../../db/repositories/stage.ts';
import { botLink } from '../../domain/link.ts';
import { type SendRefusal, sendStage } from '../../db/repositories/stage-send.ts';
import { readStageStats } from '../../db/repositories/stage-stats.ts';
import { startAlert } from '../../temporal/alert.ts';
import { ringNotice } from '../../temporal/notice.ts';
import { type BearerEnv, createBearer } from '../bearer.ts';
import type { ApiContext } from '../context.ts';
import { inBody, inHeaders, inPath, inQuery } from '../input.ts';
import { notFound, Problem } from '../problem.ts';
import { idPath } from '../schemas/shop.ts';
import { sendBody, sendHeaders, type StageAnswer, stageBody, stageChanges, stagesQuery } from '../schemas/stage.ts';
import type { Limits } from '../visitor/limits.ts';

const pageSize = 50;

export function createStageRoutes(context: ApiContext, limits: Limits) {
  const { db, door, log } = context;
  const em = () => db.em.fork();
  const may = createBearer(context, limits);

  async function tellStages(shop: Shop, stages: readonly Stage[]): Promise<StageAnswer[]> {
    const products = await quoteStages(em(), shop, stages);
    return stages.map(({ shopId: _, createdAt, updatedAt, removedAt, photoUrl, ...stage }) => ({
      ...stage,
      photoUrl: photoUrl ?? null,
      link: shop.botUsername == null ? null : botLink(shop.botUsername, stage.startParameter),
      stars: products.get(stage.productId)?.quote.starsPrice ?? null,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      removedAt: removedAt?.toISOString() ?? null,
    }));
  }
  async function tellStage(c: Context<BearerEnv>, stage: Stage | undefined, status: 200 | 201 = 200) {
    const [told] = stage ? await tellStages(c.var.shop, [stage]) : [];
    if (!told) throw notFound('id');
    return c.json(told, status);
  }
  const act = (c: Context<BearerEnv>) => ({ actor: c.var.actor, at: new Date() });

  /** Whoever waits is told by the relay, should Temporal be away. */
  async function ring({ customerId, shopId, status }: StageSend): Promise<void> {
    if (status !== 'waiting') return;
    await (customerId == null ? startAlert(door, shopId) : ringNotice(door, customerId)).catch((err: unknown) =>
      log.warn({ err, shopId }, 'not rung: the relay will'),
    );
  }

  return new Hono<BearerEnv>()
    .get('/stages', may('stages:read'), inQuery(stagesQuery), async (c) => {
      const { cursor, all } = c.req.valid('query');
      const { shop } = c.var;
      const { stages, next } = await listStages(em(), shop.id, { cursor, limit: pageSize, all: all === 'true' });
      return c.json({ stages: await tellStages(shop, stages), next });
    })
    .post('/stages', may('stages:write'), inBody(stageBody), async (c) => {
      const { productId, ...fields } = c.req.valid('json');
      const made = await createStage(em(), { shop: c.var.shop, productId, fields: given(fields), ...act(c) });
      if (!made.ok) throw refusal(made.why);
      return tellStage(c, made.stage, 201);
    })
    .get('/stages/:id', may('stages:read'), inPath(idPath), async (c) =>
      tellStage(c, await findStage(em(), { shopId: c.var.shop.id, id: c.req.valid('param').id })),
    )
    .patch('/stages/:id', may('stages:write'), inPath(idPath), inBody(stageChanges), async (c) => {
      const key = { shopId: c.var.shop.id, id: c.req.valid('param').id };
      const changed = await updateStage(em(), key, given(c.req.valid('json')), act(c));
      if (!changed && (await findStage(em(), key))) throw refusal('StageGone');
      return tellStage(c, changed);
    })
    .delete('/stages/:id', may('stages:write'), inPath(idPath), async (c) => {
      const key = { shopId: c.var.shop.id, id: c.req.valid('param').id };
      // Removed before, it stays so.
      return tellStage(c, (await removeStage(em(), key, act(c))) ?? (await findStage(em(), key)));
    })
    .post(
      '/stages/:id/send',
      may('stages:send'),
      inPath(idPath),
      inHeaders(sendHeaders, 'idempotency-key'),
      inBody(sendBody),
      async (c) => {
        const { shop } = c.var;
        const { id } = c.req.valid('param');
        if (!(await findStage(em(), { shopId: shop.id, id }))) throw notFound('id');
        const key = c.req.valid('header')['idempotency-key'];
        const answer = await sendStage(em(), shop, { stageId: id, chat: c.req.valid('json').chat, key, ...act(c) });
        if (!answer.ok) throw refusal(answer.why);
        await ring(answer.send);
        return c.json({ id: answer.send.id, stageId: id, status: answer.send.status });
      },
    )
    .get('/stages/:id/stats', may('stages:read'), inPath(idPath), async (c) => {
      const stage = await findStage(em(), { shopId: c.var.shop.id, id: c.req.valid('param').id });
      if (!stage) throw notFound('id');
      return c.json({ id: stage.id, ...(await readStageStats(em(), stage.id)) });
    });
}

/** Without what was not sent, so that it overrides nothing. */
const given = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>;
  };

const refusals: Readonly<Record<StageRefusal | SendRefusal, readonly [field: string, detail: string]>> = {
  ProductUnknown: ['productId', 'no product on sale in this shop'],
  NotInStars: ['productId', 'not sold for Stars'],
  StageExists: ['productId', 'has a stage already'],
  StartParameterTaken: ['startParameter', 'a stage of this shop has or had it'],
  StageGone: ['id', 'this stage is removed'],
  ChatUnknown: ['chat', 'the shop knows no such chat'],
  KeyOfAnotherCall: ['idempotency-key', 'was used for another message'],
};

function refusal(reason: StageRefusal | SendRefusal): Problem {
  const [field, detail] = refusals[reason];
  return new Problem(409, 'Refused', `${field}: ${detail}`, { field, more: { reason } });
}
