/** Staff: who may act for a shop. */
import type { StaffRole } from '../../domain/staff.ts';
import { Staff } from '../entities/staff.ts';
import type { EntityManager } from '../orm.ts';

/** The active staff member behind a Telegram user of this shop; asked anew at every act. */
export async function findStaff(
  em: EntityManager,
  shopId: number,
  telegramUserId: number,
): Promise<{ readonly id: number; readonly role: StaffRole } | undefined> {
  const staff = await em.findOne(Staff, { shopId, telegramUserId, active: true });
  return staff ? { id: staff.id, role: staff.role } : undefined;
}
