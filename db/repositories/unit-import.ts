/**
 * Stock put in and taken out by hand: units of nobody's order, so that no order's step has to do with it. A content that the product has, or
 * had, is not put in again, since the second one would be sold to somebody else.
 */
import { createHash } from 'node:crypto';
import { type Content, misfitOfContent } from '../../domain/content.ts';
import type { StockMode } from '../../domain/product.ts';
import { sealContent } from '../content.ts';
import { Audit } from '../entities/audit.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { drawIds, type Secrets } from '../secrets.ts';

export interface StockWish {
  readonly shopId: number;
  readonly sku: string;
  readonly actor: string;
  readonly at: Date;
}

export interface UnitLine {
  readonly line: number;
  readonly content: Extract<Content, { text: string }>;
}

export interface UnitFault {
  readonly line: number;
  readonly why: string;
}

/** Nothing was changed; the message names the field. */
export class StockError extends Error {}

const batchSize = 500;
const digestOf = (text: string) => createHash('sha256').update(text).digest('base64');

/** Units without content, for a product that is only counted. @throws StockError */
export async function addCounted(em: EntityManager, wish: StockWish & { readonly count: number }): Promise<void> {
  await em.transactional(async (tx) => {
    const id = await lockProduct(tx, wish, 'counter');
    await tx.execute('insert into unit (product_id) select ? from generate_series(1, ?)', [id, wish.count]);
    note(tx, wish, 'addUnits', { count: wish.count });
  });
}

/**
 * Units with a content each, sealed before they are stored: all that fit, or nothing. @returns how many are new, and how many were there
 * @throws StockError when the product takes none, or `faults` are not empty
 */
export async function importUnits(
  em: EntityManager,
  secrets: Secrets,
  wish: StockWish & { readonly lines: AsyncIterable<UnitLine>; readonly dryRun: boolean; readonly progress?: (lines: number) => void },
): Promise<{ readonly added: number; readonly there: number; readonly faults: readonly UnitFault[] }> {
  return em
    .transactional(async (tx) => {
      const productId = await lockProduct(tx, wish, 'unique');
      const known = await readDigests(tx, secrets, productId);
      const lineOf = new Map<string, number>();
      const faults: UnitFault[] = [];
      const fresh: UnitLine['content'][] = [];
      let [added, there, lines] = [0, 0, 0];
      const flush = async () => {
        const contents = fresh.splice(0);
        if (wish.dryRun || faults.length > 0 || contents.length === 0) return;
        const ids = await drawIds(tx, 'unit', contents.length);
        const rows = contents.map((content, index) => {
          const id = ids[index] as number;
          const sealed = sealContent(secrets, { table: 'unit', id }, content);
          return {
            id,
            product_id: productId,
            state: 'free',
            content: `\\x${sealed.content.toString('hex')}`,
            content_kind: sealed.contentKind,
          };
        });
        await run(
          tx,
          `insert into unit (id, product_id, state, content, content_kind)
         select id, product_id, state, content, content_kind from jsonb_populate_recordset(null::unit, $1)`,
          [JSON.stringify(rows)],
        );
      };
      for await (const { line, content } of wish.lines) {
        lines += 1;
        if (lines % 1_000 === 0) wish.progress?.(lines);
        const digest = digestOf(content.text);
        const twin = lineOf.get(digest);
        if (misfitOfContent(content)) faults.push({ line, why: content.kind === 'link' ? 'is no https address' : 'is no text' });
        else if (twin !== undefined) faults.push({ line, why: `is that of line ${twin} too` });
        else if (known.has(digest)) there += 1;
        else {
          added += 1;
          if (fresh.push(content) >= batchSize) await flush();
        }
        lineOf.set(digest, twin ?? line);
      }
      await flush();
      // What was stored before the first fault goes with the transaction.
      if (faults.length > 0) throw new UnitsRefused(faults);
      if (!wish.dryRun) note(tx, wish, 'addUnits', { count: added, there });
      return { added, there, faults };
    })
    .catch((err: unknown) => {
      if (err instanceof UnitsRefused) return { added: 0, there: 0, faults: err.faults };
      throw err;
    });
}

class UnitsRefused extends Error {
  readonly faults: readonly UnitFault[];
  constructor(faults: readonly UnitFault[]) {
    super('Units that do not fit');
    this.faults = faults;
  }
}

/** Takes free units out of stock, the newest first: all of `count`, or none. @throws StockError */
export async function withdrawUnits(em: EntityManager, wish: StockWish & { readonly count: number }): Promise<void> {
  await em.transactional(async (tx) => {
    const id = await lockProduct(tx, wish);
    const gone = await run(
      tx,
      `with picked as materialized (select unit_id from free_unit where product_id = $1 order by unit_id desc limit $2 for update skip locked)
       update unit set state = 'withdrawn' from picked where unit.id = picked.unit_id and unit.state = 'free' returning unit.id`,
      [id, wish.count],
    );
    if (gone.length < wish.count) throw new StockError(`count: only ${gone.length} units are free.`);
    note(tx, wish, 'withdrawUnits', { count: wish.count });
  });
}

/** A product of the shop that has units of its own, locked. @throws StockError */
export async function lockProduct(em: EntityManager, { shopId, sku }: StockWish, mode?: StockMode): Promise<number> {
  const [product]: { id: string; stock_mode: StockMode; shown: boolean }[] = await em.execute(
    'select id, stock_mode, options is not null as shown from product where shop_id = ? and sku = ? for no key update',
    [shopId, sku],
  );
  if (!product) throw new StockError('product: the shop has no product of this sku.');
  if (product.shown) throw new StockError('product: it is sold by its variants; they have the units.');
  if (mode !== undefined && product.stock_mode !== mode) {
    throw new StockError(
      `product: its stock is ${product.stock_mode}; ${mode === 'unique' ? 'contents are of unique units' : 'a count is of counted ones'}.`,
    );
  }
  return Number(product.id);
}

/** Of every text the product has or had. */
async function readDigests(em: EntityManager, secrets: Secrets, productId: number): Promise<Set<string>> {
  const known = new Set<string>();
  for (let after = 0; ; ) {
    const rows = await run<{ id: string; content: Buffer }>(
      em,
      `select id, content from unit where product_id = $1 and content is not null and content_kind <> 'file' and id > $2 order by id limit $3`,
      [productId, after, batchSize],
    );
    if (rows.length === 0) return known;
    after = Number(rows.at(-1)?.id);
    for (const { id, content } of rows) known.add(digestOf(secrets.open({ table: 'unit', column: 'content', id: Number(id) }, content)));
  }
}

/** A line in the product's long history. */
export function note(em: EntityManager, { shopId, sku, actor, at }: StockWish, action: string, after: object): void {
  em.persist(em.create(Audit, { shopId, actor, action, subject: 'product', subjectId: sku, before: null, after, at }));
}
