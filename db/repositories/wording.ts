/** A shop's own texts: kept beside its row, so whoever reads the shop speaks by them at once. */
import type { Language } from '../../domain/language.ts';
import { Audit } from '../entities/audit.ts';
import type { EntityManager } from '../orm.ts';

export interface WordingChange {
  readonly shopId: number;
  readonly language: Language;
  /** Id of the text. */
  readonly id: string;
  /** Checked before; undefined: ours again. */
  readonly text: string | undefined;
  readonly actor: string;
  readonly at: Date;
}

/** Changes one text and leaves an audit entry with before and after. @returns what stood there before, null for ours */
export async function changeWording(em: EntityManager, change: WordingChange): Promise<{ readonly before: string | null }> {
  const { shopId, language, id, actor, at } = change;
  const after = change.text ?? null;
  return em.transactional(async (tx) => {
    const [row]: { before: string | null }[] = await tx.execute(
      'select texts #>> array[?, ?] as before from shop where id = ? for update',
      [language, id, shopId],
    );
    if (!row) throw new Error(`Shop ${shopId} is gone`);
    const { before } = row;
    if (before === after) return { before };
    const own = after === null ? {} : { [id]: after };
    await tx.execute(
      `update shop set texts = jsonb_set(texts, array[?], (coalesce(texts -> ?, '{}') - ?::text) || ?::jsonb) where id = ?`,
      [language, language, id, JSON.stringify(own), shopId],
    );
    const subjectId = `${shopId}:${language}:${id}`;
    tx.persist(tx.create(Audit, { shopId, actor, action: 'text.change', subject: 'text', subjectId, before, after, at }));
    await tx.flush();
    return { before };
  });
}
