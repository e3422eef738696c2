/** `tillflow setting`: what a shop has set of its own, within hard bounds. */
import type { Command } from 'commander';
import { Argument } from 'commander';
import { changeSetting, readOwnSettings, settingOf } from '../../db/repositories/setting.ts';
import {
  asksAgain,
  boundsOf,
  isSetting,
  isWithinBounds,
  type Mode,
  parseSetting,
  type SettingKey,
  settingKeys,
  settings,
  tellSetting,
} from '../../domain/setting.ts';
import { type CommandContext, quote, readSlug, withContext, needShop } from '../context.ts';
import { asJson, CommandError, print, table } from '../output.ts';

const about: Readonly<Record<SettingKey, string>> = {
  holdSeconds: 'how long goods are kept for an unpaid order',
  coinTolerance: 'how much less of the asked coins still settles an order, at most 1.00 EUR of it',
  starValue: 'what one Star is worth',
  openOrderLimit: 'unpaid orders and open top-ups a customer may have at once',
  hourlyOrderLimit: 'payments a customer may begin in an hour',
  unpaidHoldLimit: 'holds that may end unpaid before a customer must wait',
  unpaidHoldSeconds: '... when they ended within this time',
  coolDownSeconds: '... and how long nothing scarce is kept for them then; the wallet goes on',
  heldUnitLimit: 'pieces of one product kept for one customer at once',
  lowStockAt: 'from how many pieces on staff are told that a product runs low',
  depositMinimum: 'the least of one top-up; 5.00 EUR by the day’s rate hold besides',
  depositMaximum: 'the most of one top-up',
  btcConfirmations: 'confirmations before Bitcoin is credited',
  btcConfirmationsOfMuch: '... when it is worth more than 1,000.00 EUR',
  ltcConfirmations: 'confirmations before Litecoin is credited',
  ltcConfirmationsOfMuch: '... when it is worth more than 1,000.00 EUR',
  commissionRate: 'what whoever brought a customer earns of their top-ups',
  commissionHoldDays: 'how long the commission of cards and Stars is held',
  bronzeDiscount: 'off every price for customers of this tier',
  silverDiscount: 'off every price for customers of this tier',
  goldDiscount: 'off every price for customers of this tier',
  platinumDiscount: 'off every price for customers of this tier',
  diamondDiscount: 'off every price for customers of this tier',
  secondApprovalAbove: 'transfers approved above this in all need a second person',
};

interface SettingView {
  readonly name: SettingKey;
  /** In whole numbers of `unit`; `part` are basis points, `money` minor units of `currency`. */
  readonly value: number;
  readonly own: boolean;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly currency: string;
}

interface ShopOption {
  readonly shop: string;
}

const named = () => new Argument('<name>', 'one that `setting list` shows');
export function addSettingCommands(program: Command): void {
  const setting = program.command('setting').description('what a shop has set of its own');
  setting
    .command('list')
    .description('settings with their values, defaults and bounds')
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (options: ShopOption, command: Command) => {
      await withContext(async (context) => {
        const views = await viewAll(context, readSlug(options.shop));
        print(asJson(command), views, () => tellAll(views));
      });
    });

  setting
    .command('get')
    .description('one setting')
    .addArgument(named())
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (text: string, options: ShopOption, command: Command) => {
      await withContext(async (context) => {
        const name = readName(text);
        const view = (await viewAll(context, readSlug(options.shop))).filter((one) => one.name === name);
        print(asJson(command), view[0], () => tellAll(view));
      });
    });

  setting
    .command('set')
    .description('change a setting, from now on')
    .addArgument(named())
    .argument('<value>', 'in its unit: 15.00 for money, 0.5 for a percentage, 900 for seconds')
    .requiredOption('--shop <slug>', 'the shop')
    .option('--sure', 'also a discount above 70 %')
    .action(async (text: string, value: string, options: ShopOption & { sure?: true }, command: Command) => {
      await change(text, value, options, command);
    });

  setting
    .command('reset')
    .description('take a setting’s default again')
    .addArgument(named())
    .requiredOption('--shop <slug>', 'the shop')
    .action(async (text: string, options: ShopOption, command: Command) => {
      await change(text, undefined, options, command);
    });
}

/** `text` undefined: the default. */
async function change(name: string, text: string | undefined, options: ShopOption & { sure?: true }, command: Command): Promise<void> {
  await withContext(async (context) => {
    const key = readName(name);
    const slug = readSlug(options.shop);
    const { mode } = context.config;
    // What fits no shop is said before one is looked for.
    if (text !== undefined) readValue(key, text, 'EUR', mode);
    const manager = await context.em();
    const shop = await needShop(await context.em(), slug);
    const { currency } = shop;
    const value = text === undefined ? undefined : readValue(key, text, currency, mode);
    const tell = (amount: number, of: SettingKey = key) => tellSetting(of, amount, currency);
    if (value !== undefined && asksAgain(key, value) && !options.sure)
      throw new CommandError(`${key}: ${tell(value)} off every price is much; add --sure if that is meant.`, 2);
    const answer = await changeSetting(manager, { shopId: shop.id, key, value, actor: 'cli', mode, at: new Date() });
    if (!answer.ok) {
      if (answer.misfit === 'outOfBounds') throw outOfBounds(key, String(value), currency, mode);
      const relation = answer.misfit === 'aboveOther' ? 'above' : 'below';
      throw new CommandError(`${key}: may not be ${relation} ${answer.other}, which is ${tell(answer.otherValue, answer.other)}.`, 2);
    }
    const { before, after } = answer;
    print(asJson(command), { name: key, before, after, unit: settings[key].unit, currency }, () =>
      before === after
        ? `${key} of shop ${slug} is ${tell(after)}.`
        : `${key} of shop ${slug} is ${tell(after)} now; it was ${tell(before)}.`,
    );
  });
}

async function viewAll(context: CommandContext, slug: string): Promise<SettingView[]> {
  const { id, currency } = await needShop(await context.em(), slug);
  const own = await readOwnSettings(await context.em(), id);
  return settingKeys.map((name) => ({
    name,
    value: settingOf(own, name),
    own: own[name] !== undefined,
    default: settings[name].fallback,
    ...boundsOf(name, context.config.mode),
    unit: settings[name].unit,
    currency,
  }));
}

function readName(text: string): SettingKey {
  if (isSetting(text)) return text;
  throw new CommandError(`name: ${quote(text)} is no setting; one of ${settingKeys.join(', ')}.`, 2);
}

function readValue(key: SettingKey, text: string, currency: string, mode: Mode): number {
  const value = parseSetting(key, text, currency);
  if (value === undefined || !isWithinBounds(key, value, mode)) throw outOfBounds(key, text, currency, mode);
  return value;
}

function outOfBounds(key: SettingKey, text: string, currency: string, mode: Mode): CommandError {
  const { min, max } = boundsOf(key, mode);
  const bounds = `from ${tellSetting(key, min, currency)} to ${tellSetting(key, max, currency)}`;
  return new CommandError(`value: ${key} is ${bounds}, not ${quote(text)}.`, 2);
}

function tellAll(views: readonly SettingView[]): string {
  return table(
    ['setting', 'value', 'default', 'bounds', ''],
    views.map(({ name, value, own, default: fallback, min, max, currency }) => {
      const tell = (amount: number) => tellSetting(name, amount, currency);
      return [name, `${tell(value)}${own ? ' *' : ''}`, tell(fallback), `${tell(min)} to ${tell(max)}`, about[name]];
    }),
  );
}
