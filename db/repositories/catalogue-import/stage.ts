/** Lines of a file on their way into the catalogue: in tables that end with the transaction, with the ids they have or will have. */
import { columnsOfRecord, type Fault, missingOf, type RecordName } from '../../../domain/catalogue-file.ts';
import { misfitOfContent } from '../../../domain/content.ts';
import { kindTraits, type ProductKind } from '../../../domain/product.ts';
import { CellMisfit } from '../../../domain/cell.ts';
import type { EntityManager } from '../../orm.ts';
import { run } from '../../prepared.ts';
import { drawIds, type Secrets } from '../../secrets.ts';
import type { ImportLine, ImportWish, LineFault } from '../catalogue-import.ts';
import { createAlbums } from './albums.ts';

export interface PhotoFile {
  /** SHA-256 of the file, hex. */
  readonly digest: string;
  /** What is kept of it. */
  draw(): Promise<{ readonly mediaType: 'image/jpeg' | 'image/png'; readonly bytes: Uint8Array }>;
}

/** @throws CellMisfit when there is no such picture */
export type LoadPhoto = (name: string) => Promise<PhotoFile>;

export const tableOfRecord: Readonly<Record<RecordName, string>> = {
  category: 'category',
  pickup_point: 'pickup_point',
  product: 'product',
};
export const keyOfRecord: Readonly<Record<RecordName, string>> = { category: 'name', pickup_point: 'key', product: 'sku' };

/** What a new row has without being told. */
export const usualOf: Readonly<Record<RecordName, object>> = {
  category: { position: 0 },
  pickup_point: { instructions: '' },
  product: { description: '', discount_percent: 0, tax_rate: 0, active: true, position: 0, content_kind: 'line' },
};

const batchSize = 500;
const faultPage = 1_000;

export async function createStage(em: EntityManager, secrets: Secrets, wish: ImportWish) {
  // The database's own limits are for steps of orders.
  await em.execute('set local statement_timeout = 0');
  await em.execute(
    'create temp table catalogue_line (line int not null, record text not null, key text not null, id bigint not null, is_new boolean not null, changed boolean not null, fields jsonb not null, links jsonb not null) on commit drop',
  );
  await em.execute('create temp table catalogue_fault (line int not null, field text not null, why text not null) on commit drop');
  const albums = createAlbums(em, wish);
  let batch: ImportLine[] = [];

  async function flush(): Promise<void> {
    const lines = batch;
    batch = [];
    const faults: LineFault[] = [];
    const known = { category: [], pickup_point: [], product: [] } as Record<RecordName, ImportLine[]>;
    for (const line of lines) {
      faults.push(...line.read.faults.map((fault) => ({ line: line.line, ...fault })));
      if (line.read.key !== undefined) known[line.read.record].push(line);
    }
    const staged: object[] = [];
    for (const [record, some] of Object.entries(known) as [RecordName, ImportLine[]][]) {
      if (some.length === 0) continue;
      const rows = await findRows(em, wish.shop.id, record, some);
      const fresh = await drawIds(em, tableOfRecord[record], some.filter(({ read }) => !rows.has(read.key ?? '')).length);
      for (const { line, read } of some) {
        const standing = rows.get(read.key ?? '');
        const place = { line, id: standing?.id ?? (fresh.shift() as number), standing };
        const strange = judgeMode(record, read.key, wish.mode, standing !== undefined);
        const misfits = standing || strange.length > 0 ? strange : missingOf(read);
        const told = misfits.length + read.faults.length > 0 ? { fields: {}, links: {}, faults: misfits } : await settle(read, place);
        faults.push(...told.faults.map((fault) => ({ line, ...fault })));
        staged.push({
          line,
          record,
          key: read.key,
          id: place.id,
          is_new: standing === undefined,
          changed: false,
          fields: told.fields,
          links: told.links,
        });
      }
    }
    await noteFaults(em, faults);
    if (staged.length === 0) return;
    await run(em, 'insert into catalogue_line select * from jsonb_populate_recordset(null::catalogue_line, $1)', [JSON.stringify(staged)]);
  }

  /** What of a line goes into its row as it is, and what is looked up when all lines are there. */
  async function settle(read: ImportLine['read'], { id, standing }: { id: number; standing: Standing | undefined }) {
    const { record, values } = read;
    const faults: Fault[] = [];
    const fields: Record<string, unknown> = {};
    const links: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(values)) {
      const row = columnsOfRecord[record][field]?.row;
      if (row !== undefined) fields[row] = value;
      else if (field !== 'content' && field !== 'photos') links[field] = value;
    }
    if (record === 'product') {
      const kind = (values.kind ?? standing?.kind) as ProductKind;
      if (fields.methods === null || (fields.methods === undefined && !standing)) fields.methods = [...kindTraits[kind].defaultMethods];
      faults.push(...judgeContent(values, standing, kind));
      if (typeof values.content === 'string' && faults.length === 0) {
        const place = { table: 'product', column: 'content', id };
        const same = standing?.content != null && secrets.open(place, standing.content) === values.content;
        if (!same) fields.content = `\\x${secrets.seal(place, values.content).toString('hex')}`;
      }
    }
    if (record !== 'category' && Array.isArray(values.photos)) {
      try {
        const [first = null, ...more] = await albums.photosOf(record, standing === undefined ? undefined : id, values.photos as string[]);
        fields.photo_id = first;
        if (record === 'product') links.album = more;
      } catch (err) {
        if (!(err instanceof CellMisfit)) throw err;
        faults.push({ field: 'photos', why: err.message });
      }
    }
    return { fields, links, faults };
  }

  return {
    async add(line: ImportLine): Promise<void> {
      batch.push(line);
      if (batch.length >= batchSize) await flush();
    },
    async end(): Promise<void> {
      await flush();
      await em.execute('analyze catalogue_line');
    },
  };
}

interface Standing {
  readonly id: number;
  readonly kind: ProductKind | undefined;
  readonly stock_mode: string | undefined;
  readonly content_kind: string | undefined;
  readonly is_shown: boolean | undefined;
  readonly content: Buffer | null | undefined;
}

/** What stands already, by key. Contents are read only where one is given to compare with. */
async function findRows(
  em: EntityManager,
  shopId: number,
  record: RecordName,
  lines: readonly ImportLine[],
): Promise<Map<string, Standing>> {
  const key = keyOfRecord[record];
  const keys = lines.map(({ read }) => read.key);
  const compared = lines.filter(({ read }) => typeof read.values.content === 'string').map(({ read }) => read.key);
  const more =
    record === 'product'
      ? ', kind, stock_mode, content_kind, options is not null as is_shown, case when sku = any($3::text[]) then content end as content'
      : '';
  const rows = await run<{ id: string; key: string } & Partial<Omit<Standing, 'id'>>>(
    em,
    `select id, "${key}" as key${more} from "${tableOfRecord[record]}" where shop_id = $1 and "${key}" = any($2::text[])`,
    [shopId, keys, ...(record === 'product' ? [compared] : [])],
  );
  return new Map(
    rows.map(({ id, key: name, kind, stock_mode, content_kind, is_shown, content }) => [
      name,
      { id: Number(id), kind, stock_mode, content_kind, is_shown, content },
    ]),
  );
}

function judgeMode(record: RecordName, key: string | undefined, mode: ImportWish['mode'], stands: boolean): Fault[] {
  if (record !== 'product' || mode === 'any' || (mode === 'update') === stands) return [];
  return [
    { field: 'sku', why: stands ? `there is a product ${JSON.stringify(key)} already` : `the shop has no product ${JSON.stringify(key)}` },
  ];
}

/** What every buyer gets is of products that never run out, show something and are sold themselves: none of those is without it. */
function judgeContent(values: Readonly<Record<string, unknown>>, standing: Standing | undefined, kind: ProductKind): Fault[] {
  const isShown = values.options === undefined ? standing?.is_shown : values.options !== null;
  const takes = kindTraits[kind].handover === 'secret' && (values.stock_mode ?? standing?.stock_mode) === 'unlimited' && !isShown;
  const wasFile = standing?.content_kind === 'file';
  const isFile = (values.content_kind ?? standing?.content_kind) === 'file';
  if (wasFile !== isFile) return [{ field: 'content_kind', why: wasFile ? 'stays file' : 'line or link is needed' }];
  if (typeof values.content !== 'string') {
    return takes && !standing ? [{ field: 'content', why: 'is needed: what every buyer gets' }] : [];
  }
  if (!takes) return [{ field: 'content', why: 'is only of digital products that never run out; others have units' }];
  if (isFile) return [{ field: 'content', why: 'is a file, and no text' }];
  const contentKind = (values.content_kind ?? standing?.content_kind ?? 'line') as 'line' | 'link';
  if (misfitOfContent({ kind: contentKind, text: values.content })) {
    return [{ field: 'content', why: contentKind === 'link' ? 'is no https address' : 'is no text' }];
  }
  return [];
}

export async function noteFaults(em: EntityManager, faults: readonly LineFault[]): Promise<void> {
  if (faults.length === 0) return;
  await run(em, 'insert into catalogue_fault select * from jsonb_populate_recordset(null::catalogue_fault, $1)', [JSON.stringify(faults)]);
}

/** By line, a page at a time. */
export async function* readFaults(em: EntityManager): AsyncGenerator<LineFault[]> {
  for (let offset = 0; ; offset += faultPage) {
    const faults = await run<LineFault>(em, 'select line, field, why from catalogue_fault order by line, field, why offset $1 limit $2', [
      offset,
      faultPage,
    ]);
    if (faults.length === 0) return;
    yield faults.map(({ line, field, why }) => ({ line, field, why }));
  }
}
