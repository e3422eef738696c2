/** Contents of units and products as they are kept: sealed, a file's bytes and its name each by itself. They enter no log and no history. */
import { type Content, misfitOfContent, type TextContent } from '../domain/content.ts';
import type { ContentKind } from '../domain/product.ts';
import type { EntityManager } from './orm.ts';
import { run } from './prepared.ts';
import type { Secrets } from './secrets.ts';

/** Whose content it is: a unit's, or every buyer's of an unlimited product. */
export interface ContentPlace {
  readonly table: 'unit' | 'product';
  readonly id: number;
}

export interface SealedContent {
  readonly content: Buffer;
  readonly contentKind: ContentKind;
  readonly fileName: Buffer | null;
  readonly mediaType: string | null;
}

/** @throws RangeError naming the field that does not fit */
export function sealContent(secrets: Secrets, place: ContentPlace, content: Content): SealedContent {
  const misfit = misfitOfContent(content);
  if (misfit) throw new RangeError(`${misfit}: does not fit a ${content.kind}`);
  const sealed = (column: string, text: string) => secrets.seal({ ...place, column }, text);
  if (content.kind !== 'file')
    return { content: sealed('content', content.text), contentKind: content.kind, fileName: null, mediaType: null };
  return {
    content: sealed('content', Buffer.from(content.bytes).toString('base64')),
    contentKind: 'file',
    fileName: sealed('file_name', content.name),
    mediaType: content.mediaType,
  };
}

/** A content as it was read: of a file only its name, for its bytes are read when they are wanted. */
export interface FoundContent extends ContentPlace {
  readonly contentKind: ContentKind;
  readonly content: Buffer | null;
  readonly fileName: Buffer | null;
  readonly mediaType: string | null;
}

/** A file of goods. */
export interface GoodsFile {
  readonly name: string;
  readonly mediaType: string;
  read(): Promise<Uint8Array>;
}

/** What the customer gets for one line: texts to be shown, files to be sent. */
export interface Goods {
  readonly texts: readonly TextContent[];
  readonly files: readonly GoodsFile[];
}

/** Opens contents, each in its order. @throws SecretError */
export function openContents(em: EntityManager, secrets: Secrets, found: readonly FoundContent[]): Goods {
  return {
    texts: found.flatMap(({ table, id, contentKind: kind, content }): TextContent[] =>
      kind === 'file' || !content ? [] : [{ kind, text: secrets.open({ table, id, column: 'content' }, content) }],
    ),
    files: found.flatMap(({ table, id, fileName, mediaType }): GoodsFile[] =>
      !fileName || mediaType === null
        ? []
        : [
            {
              name: secrets.open({ table, id, column: 'file_name' }, fileName),
              mediaType,
              read: () => readFile(em, secrets, { table, id }),
            },
          ],
    ),
  };
}

async function readFile(em: EntityManager, secrets: Secrets, place: ContentPlace): Promise<Uint8Array> {
  const [row] = await run<{ content: Buffer }>(em, `select content from "${place.table}" where id = $1`, [place.id]);
  if (!row) throw new Error('The file is gone');
  return Buffer.from(secrets.open({ ...place, column: 'content' }, row.content), 'base64');
}
