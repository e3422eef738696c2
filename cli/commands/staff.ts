/** `tillflow staff`: who may act for a shop, and where staff read of orders. */
import type { Command } from 'commander';
import { type StaffRole, staffRoles } from '../../domain/staff.ts';
import { Audit } from '../../db/entities/audit.ts';
import { Staff } from '../../db/entities/staff.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { readSlug, readWhole, withContext } from '../context.ts';
import { CommandError, print } from '../output.ts';

export function addStaffCommands(program: Command): void {
  const staff = program.command('staff').description('people who act for a shop');
  staff
    .command('add')
    .description('give a Telegram user a role, or change it')
    .requiredOption('--shop <slug>', 'the shop')
    .option('--user <telegramUserId>', 'the person’s Telegram id')
    .option('--role <role>', staffRoles.join(', '), 'support')
    .option('--chat <chatId>', 'send the shop’s staff messages to this chat (a group, or the owner’s private chat)')
    .action(async ({ shop, user, role, chat }: { shop: string; user?: string; role: string; chat?: string }, command: Command) => {
      const slug = readSlug(shop);
      if (user === undefined && chat === undefined) throw new CommandError('user: a person, a chat or both are needed.', 2);
      if (!staffRoles.some((one) => one === role)) throw new CommandError(`role: one of ${staffRoles.join(', ')}.`, 2);
      const limit = Number.MAX_SAFE_INTEGER;
      const telegramUserId = user === undefined ? undefined : readWhole('user', user, { min: 1, max: limit });
      const chatId = chat === undefined ? undefined : readWhole('chat', chat, { min: -limit, max: limit });
      await withContext(async ({ em }) => {
        const manager = await em();
        await manager.transactional(async (tx) => {
          const found = await findShopBySlug(tx, slug);
          if (!found) throw new CommandError(`shop: there is no shop ${slug}.`);
          const audit = (action: string, before: unknown, after: unknown) =>
            tx.persist(
              tx.create(Audit, {
                shopId: found.id,
                actor: 'cli',
                action,
                subject: 'staff',
                subjectId: String(telegramUserId ?? ''),
                before,
                after,
                at: new Date(),
              }),
            );
          if (telegramUserId !== undefined) {
            const known = await tx.findOne(Staff, { shopId: found.id, telegramUserId });
            audit('staff.set', known ? { role: known.role, active: known.active } : null, { role, active: true });
            await tx.upsert(Staff, { shopId: found.id, telegramUserId, role: role as StaffRole, active: true });
          }
          if (chatId !== undefined) {
            audit('staff.chat', { chatId: found.staffChatId ?? null }, { chatId });
            found.staffChatId = chatId;
          }
        });
      });
      const parts = [
        telegramUserId === undefined ? '' : `${telegramUserId} is ${role} of ${slug}.`,
        chatId === undefined ? '' : `Staff messages of ${slug} go to ${chatId}.`,
      ];
      print(
        Boolean(command.optsWithGlobals().json),
        { shop: slug, telegramUserId: telegramUserId ?? null, role, chatId: chatId ?? null },
        () => parts.filter(Boolean).join('\n'),
      );
    });
}
