/** `tillflow order`: place, look, cancel, refund, send again. The command line acts as the owner. */
import { Argument, type Command } from 'commander';
import { parseAmount } from '../../domain/money.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { resendOrder } from '../../temporal/delivery.ts';
import { cancelOrder } from '../../temporal/order.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { quote, readCode, readText, withContext } from '../context.ts';
import { requireDone, requireOrder, tellOrder } from '../order-view.ts';
import { asJson, CommandError, print } from '../output.ts';
import { addOrderPlaceCommand } from './order-place.ts';

const code = () => new Argument('<code>', 'order code, e.g. K7Q4-MX2P');

export function addOrderCommands(program: Command): void {
  const order = program.command('order').description('orders: place, show, cancel, refund, resend');
  addOrderPlaceCommand(order);
  order
    .command('show')
    .description('show an order')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => {
        const view = await requireOrder(await context.em(), readCode(text));
        print(asJson(command), view, () => tellOrder(view, context));
      });
    });

  order
    .command('cancel')
    .description('cancel an unpaid order')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => {
        const orderCode = readCode(text);
        await requireOrder(await context.em(), orderCode);
        const answer = await cancelOrder(context.door(), orderCode, { by: 'staff', actor: 'cli' });
        const view = await requireDone(context, orderCode, answer, 'Not cancelled');
        if (view.status !== 'cancelled') throw new CommandError(`Not cancelled: order ${formatOrderCode(orderCode)} is ${view.status}.`);
        print(asJson(command), view, () => tellOrder(view, context));
      });
    });

  order
    .command('refund')
    .description('give the money of an order back the way it came')
    .addArgument(code())
    .option('--amount <amount>', 'a part in the order’s currency, e.g. 12.50; all that is left when absent')
    .option('--reason <reason>', 'why, for the audit', 'asked by staff')
    .action(async (text: string, { amount, reason }: { amount?: string; reason: string }, command: Command) => {
      await withContext(async (context) => {
        const orderCode = readCode(text);
        readText('reason', reason, { max: 500 });
        const view = await requireOrder(await context.em(), orderCode);
        const minor = amount !== undefined && /^[\d.,]+$/.test(amount) ? parseAmount(amount, view.currency) : undefined;
        if (amount !== undefined && (minor === undefined || minor === 0)) {
          throw new CommandError(`amount: ${quote(amount)} is no amount of ${view.currency}.`, 2);
        }
        const number = view.refunds.filter((refund) => refund.scope === 'order').length + 1;
        const answer = await requestRefund(context.door(), { orderCode, actor: 'cli', reason, amount: minor, number });
        const after = await requireDone(context, orderCode, answer, 'Not refunded');
        print(asJson(command), { ...answer, order: after }, () => tellOrder(after, context));
      });
    });

  order
    .command('resend')
    .description('send an order’s goods again')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => {
        const orderCode = readCode(text);
        await requireOrder(await context.em(), orderCode);
        const answer = await resendOrder(context.door(), { orderCode, actor: 'cli' });
        await requireDone(context, orderCode, answer, 'Not sent');
        print(asJson(command), answer, () => `The goods of order ${formatOrderCode(orderCode)} are sent again.`);
      });
    });
}
