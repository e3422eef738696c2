/** Settings of a shop: its own value, or the default of domain/setting.ts. */
import { isWithinBounds, type Mode, orderedSettings, type SettingKey, settings } from '../../domain/setting.ts';
import { Audit } from '../entities/audit.ts';
import { Setting } from '../entities/setting.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** A setting's value among those a shop has of its own. */
export function settingOf(own: Partial<Record<SettingKey, number>>, key: SettingKey): number {
  return own[key] ?? settings[key].fallback;
}

export async function readSetting(em: EntityManager, shopId: number, key: SettingKey): Promise<number> {
  const [row] = await run<{ value: number }>(em, 'select value from setting where shop_id = $1 and key = $2', [shopId, key]);
  return row?.value ?? settings[key].fallback;
}

/** What a shop has of its own. */
export async function readOwnSettings(em: EntityManager, shopId: number): Promise<Partial<Record<SettingKey, number>>> {
  const rows = await em.find(Setting, { shopId });
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

export interface SettingChange {
  readonly shopId: number;
  readonly key: SettingKey;
  /** Undefined: the default again. */
  readonly value: number | undefined;
  readonly actor: string;
  readonly mode: Mode;
  readonly at: Date;
}

/** `misfit`: why nothing was changed; `other`: the setting that this value would contradict. */
export type SettingAnswer =
  | { readonly ok: true; readonly before: number; readonly after: number }
  | { readonly ok: false; readonly misfit: 'outOfBounds' }
  | { readonly ok: false; readonly misfit: 'aboveOther' | 'belowOther'; readonly other: SettingKey; readonly otherValue: number };

/** Changes a setting within its bounds and leaves an audit entry with before and after; one change of a shop at a time. */
export async function changeSetting(em: EntityManager, change: SettingChange): Promise<SettingAnswer> {
  const { shopId, key, actor, mode, at } = change;
  const after = change.value ?? settings[key].fallback;
  if (!isWithinBounds(key, after, mode)) return { ok: false, misfit: 'outOfBounds' };
  return em.transactional(async (tx): Promise<SettingAnswer> => {
    await tx.execute('select pg_advisory_xact_lock(7450, ?::int)', [shopId]);
    const own = await readOwnSettings(tx, shopId);
    const before = settingOf(own, key);
    for (const [lower, upper] of orderedSettings) {
      const other = key === lower ? upper : key === upper ? lower : undefined;
      if (other === undefined) continue;
      const otherValue = settingOf(own, other);
      if (key === lower && after > otherValue) return { ok: false, misfit: 'aboveOther', other, otherValue };
      if (key === upper && after < otherValue) return { ok: false, misfit: 'belowOther', other, otherValue };
    }
    if (change.value === undefined) {
      // What is the default already leaves no trace.
      if ((await tx.nativeDelete(Setting, { shopId, key })) === 0) return { ok: true, before, after };
    } else await tx.upsert(Setting, { shopId, key, value: after });
    const action = change.value === undefined ? 'reset' : 'set';
    tx.persist(tx.create(Audit, { shopId, actor, action, subject: 'setting', subjectId: key, before, after, at }));
    return { ok: true, before, after };
  });
}

/** The same for whoever needs no reason. @returns false when the value does not fit; nothing changes then */
export async function writeSetting(em: EntityManager, change: SettingChange & { readonly value: number }): Promise<boolean> {
  return (await changeSetting(em, change)).ok;
}
