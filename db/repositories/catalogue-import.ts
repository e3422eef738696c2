/**
 * A catalogue from a file: all of it or nothing, in one transaction. Lines are staged in tables of this transaction alone, judged together, and
 * only then written, by a statement a kind of record. Prices of orders are frozen in their lines, so that nothing here reaches them.
 */
import type { Fault, ReadRecord } from '../../domain/catalogue-file.ts';
import { Audit } from '../entities/audit.ts';
import type { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import type { Secrets } from '../secrets.ts';
import { applyLines, countLines, countRetiring, retireMissing } from './catalogue-import/apply.ts';
import { judgeLines } from './catalogue-import/judge.ts';
import { createStage, type LoadPhoto, noteFaults, readFaults } from './catalogue-import/stage.ts';

export interface ImportLine {
  readonly line: number;
  readonly read: ReadRecord;
}

export interface LineFault extends Fault {
  readonly line: number;
}

export interface ImportWish {
  readonly shop: Pick<Shop, 'id' | 'slug'>;
  readonly lines: AsyncIterable<ImportLine>;
  /** `add`: every product is new; `update`: none is; `any`: what there is changes and the rest is new. */
  readonly mode: 'any' | 'add' | 'update';
  /** Products the file does not name are taken off sale. */
  readonly retireMissing: boolean;
  /** Also what asks again: a discount above 70 %, most of the shop taken off sale. */
  readonly sure: boolean;
  /** Everything is done and taken back. */
  readonly dryRun: boolean;
  readonly loadPhoto: LoadPhoto;
  readonly actor: string;
  /** What it was read from, for the audit. */
  readonly source: string;
  readonly at: Date;
  readonly progress?: (lines: number) => void;
  /** Gets every fault, in the order of lines, a page at a time. */
  readonly onFaults: (faults: readonly LineFault[]) => void;
}

export interface ImportCount {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
}

export interface ImportReport {
  readonly lines: number;
  readonly products: ImportCount & { readonly retired: number };
  readonly categories: ImportCount;
  readonly pickupPoints: ImportCount;
}

/** Nothing was imported; `faults` have been told. */
export class ImportRefused extends Error {
  readonly faults: number;
  constructor(faults: number, message = `${faults} faults; nothing was imported.`) {
    super(message);
    this.faults = faults;
  }
}

/** Ends a transaction that must leave nothing. */
class TakenBack extends Error {
  readonly report: ImportReport;
  constructor(report: ImportReport) {
    super('A dry run');
    this.report = report;
  }
}

/** Imports of a shop are one after the other. */
const importLock = 7451;

/** @throws ImportRefused when anything does not fit: nothing changed then */
export async function importCatalogue(em: EntityManager, secrets: Secrets, wish: ImportWish): Promise<ImportReport> {
  const { shop } = wish;
  try {
    return await em.transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?, ?::int)', [importLock, shop.id]);
      const stage = await createStage(tx, secrets, wish);
      let lines = 0;
      for await (const line of wish.lines) {
        lines += 1;
        await stage.add(line);
        if (lines % 1_000 === 0) wish.progress?.(lines);
      }
      await stage.end();
      wish.progress?.(lines);
      await judgeLines(tx, wish);
      await refuseFaults(tx, wish);
      const retiring = wish.retireMissing ? await countRetiring(tx, shop.id) : { retiring: 0, active: 0 };
      if (retiring.retiring * 2 > retiring.active && retiring.retiring > 1 && !wish.sure) {
        const what = `${retiring.retiring} of ${retiring.active} products would be taken off sale`;
        await noteFaults(tx, [{ line: 0, field: 'retire-missing', why: `${what}; add --sure if that is meant` }]);
        await refuseFaults(tx, wish);
      }
      if (!(await applyLines(tx, wish))) await refuseFaults(tx, wish);
      const retired = wish.retireMissing ? await retireMissing(tx, wish) : 0;
      const { product, category, pickup_point } = await countLines(tx);
      const report = { lines, products: { ...product, retired }, categories: category, pickupPoints: pickup_point };
      const { actor, at, source } = wish;
      tx.persist(
        tx.create(Audit, {
          shopId: shop.id,
          actor,
          action: 'import',
          subject: 'shop',
          subjectId: shop.slug,
          before: null,
          after: { source, ...report },
          at,
        }),
      );
      if (wish.dryRun) throw new TakenBack(report);
      return report;
    });
  } catch (err) {
    if (err instanceof TakenBack) return err.report;
    throw err;
  }
}

async function refuseFaults(em: EntityManager, { onFaults }: ImportWish): Promise<void> {
  let count = 0;
  for await (const faults of readFaults(em)) {
    count += faults.length;
    onFaults(faults);
  }
  if (count > 0) throw new ImportRefused(count);
}
