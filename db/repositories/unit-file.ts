/** Files put into stock by hand, each a unit of its own: all that fit, or nothing, and none that the product has or had. */
import { createHash } from 'node:crypto';
import { type Content, fileBytesLimit, misfitOfContent } from '../../domain/content.ts';
import { sealContent } from '../content.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { drawIds, type Secrets } from '../secrets.ts';
import { lockProduct, note, type StockWish } from './unit-import.ts';

export type FileContent = Extract<Content, { kind: 'file' }>;

export interface UnitFile {
  /** What faults call it. */
  readonly path: string;
  read(): Promise<FileContent>;
}

export interface FileFault {
  readonly path: string;
  readonly why: string;
}

const misfits = {
  text: 'is no file',
  name: 'has a name that is not 1 to 120 characters, or begins with a dot',
  mediaType: 'is of no known type',
  bytes: `is empty, or larger than ${fileBytesLimit / 1024 / 1024} MB`,
} as const;

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');

/** Two envelopes of one length differ by the names of their keys only, bytes. */
const envelopeSlack = 64;

/**
 * One file at a time is in memory. @returns how many are new, and how many were there
 * @throws StockError when the product takes none, or `faults` are not empty
 */
export async function addFiles(
  em: EntityManager,
  secrets: Secrets,
  wish: StockWish & { readonly files: readonly UnitFile[]; readonly dryRun: boolean; readonly progress?: (files: number) => void },
): Promise<{ readonly added: number; readonly there: number; readonly faults: readonly FileFault[] }> {
  const faults: FileFault[] = [];
  try {
    return await em.transactional(async (tx) => {
      const productId = await lockProduct(tx, wish, 'unique');
      const pathOf = new Map<string, string>();
      let [added, there] = [0, 0];
      for (const [index, { path, read }] of wish.files.entries()) {
        const content = await read();
        const misfit = misfitOfContent(content);
        const digest = digestOf(content.bytes);
        const twin = pathOf.get(digest);
        if (misfit) faults.push({ path, why: misfits[misfit] });
        else if (twin !== undefined) faults.push({ path, why: `is the same as ${JSON.stringify(twin)}` });
        else if (faults.length === 0) {
          const [id] = await drawIds(tx, 'unit', 1);
          const sealed = sealContent(secrets, { table: 'unit', id: id as number }, content);
          if (await hasFile(tx, secrets, { productId, digest, sealedLength: sealed.content.length })) there += 1;
          else {
            added += 1;
            if (!wish.dryRun)
              await run(
                tx,
                `insert into unit (id, product_id, state, content, content_kind, file_name, media_type) values ($1, $2, 'free', $3, 'file', $4, $5)`,
                [id, productId, sealed.content, sealed.fileName, sealed.mediaType],
              );
          }
        }
        pathOf.set(digest, twin ?? path);
        wish.progress?.(index + 1);
      }
      // What was stored before the first fault goes with the transaction.
      if (faults.length > 0) throw new FilesRefused();
      if (!wish.dryRun) note(tx, wish, 'addUnits', { count: added, there });
      return { added, there, faults };
    });
  } catch (err) {
    if (err instanceof FilesRefused) return { added: 0, there: 0, faults };
    throw err;
  }
}

class FilesRefused extends Error {}

/** Whether the product has, or had, a file of these bytes under whatever name; those of another length are not read. */
async function hasFile(
  em: EntityManager,
  secrets: Secrets,
  { productId, digest, sealedLength }: { readonly productId: number; readonly digest: string; readonly sealedLength: number },
): Promise<boolean> {
  const like = await run<{ id: string }>(
    em,
    `select id from unit where product_id = $1 and content_kind = 'file' and octet_length(content) between $2 and $3`,
    [productId, sealedLength - envelopeSlack, sealedLength + envelopeSlack],
  );
  for (const { id } of like) {
    const [row] = await run<{ content: Buffer }>(em, 'select content from unit where id = $1', [id]);
    const text = row && secrets.open({ table: 'unit', column: 'content', id: Number(id) }, row.content);
    if (text !== undefined && digestOf(Buffer.from(text, 'base64')) === digest) return true;
  }
  return false;
}
