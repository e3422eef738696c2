/** Settings of a shop: its own value, or the default of domain/setting.ts. */
import { isWithinBounds, type SettingKey, settings } from '../../domain/setting.ts';
import { Audit } from '../entities/audit.ts';
import { Setting } from '../entities/setting.ts';
import type { EntityManager } from '../orm.ts';

/** A setting's value among those a shop has of its own. */
export function settingOf(own: Partial<Record<SettingKey, number>>, key: SettingKey): number {
  return own[key] ?? settings[key].fallback;
}

export async function readSetting(em: EntityManager, shopId: number, key: SettingKey): Promise<number> {
  const row = await em.findOne(Setting, { shopId, key });
  return row?.value ?? settings[key].fallback;
}

/** Changes a setting within its bounds and leaves an audit entry. @returns false when the value is out of bounds; nothing changes then. */
export async function writeSetting(
  em: EntityManager,
  change: { shopId: number; key: SettingKey; value: number; actor: string; mode: 'sandbox' | 'live'; at: Date },
): Promise<boolean> {
  const { shopId, key, value, actor, mode, at } = change;
  if (!isWithinBounds(key, value, mode)) return false;
  await em.transactional(async (tx) => {
    const before = await readSetting(tx, shopId, key);
    await tx.upsert(Setting, { shopId, key, value });
    tx.persist(tx.create(Audit, { shopId, actor, action: 'set', subject: 'setting', subjectId: key, before, after: value, at }));
  });
  return true;
}
