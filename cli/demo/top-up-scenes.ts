/** The scenes of `tillflow demo` in which money comes into wallets, by each method, and a friend's brings a commission. */
import { depositPaymentId } from '../../domain/deposit.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { type Person, waitFor } from './sandbox.ts';
import { anna, boris, celina, olga, payByCard, payByStars, place, reach, type Scene, type Stage } from './scenes.ts';

export const topUpScenes: readonly Scene[] = [
  {
    title: 'Boris tops up his wallet by card',
    async play(stage) {
      const code = await openTopUp(stage, boris, 50, /^1F:[0-9A-Z]{8}:c:/);
      await payByCard(stage, boris);
      return { code, status: 'credited' };
    },
  },
  {
    title: 'Boris tops up in Stars, and buys a book from what came',
    async play(stage) {
      const code = await openTopUp(stage, boris, 30, /^1F:[0-9A-Z]{8}:s:/);
      // The invoice stands once its cancel does.
      await stage.sandbox.findButton(boris, new RegExp(`^1x:${code}$`));
      await payByStars(stage, boris);
      await reach(stage, { code, status: 'credited' });
      return { code: await place(stage, boris, 'Книга «Тихая река»', 'w'), status: 'delivered' };
    },
  },
  {
    title: 'Dora comes by Celina’s link and tops up in Tether, which brings Celina a commission',
    async play(stage) {
      const { sandbox } = stage;
      await sandbox.send(celina, '/referrals');
      const { copies: link = '' } = await sandbox.findButton(celina, /\?start=ref_/);
      const dora = await sandbox.addPerson('Dora');
      await sandbox.send(dora, `/start ${new URL(link).searchParams.get('start')}`);
      const code = await openTopUp(stage, dora, 200, /^1N:[0-9A-Z]{8}:n:/);
      await sandbox.tap(dora, await sandbox.findButton(dora, new RegExp(`^1F:${code}:n:[0-9a-z]+:u$`)));
      // The address is shown once the page of the provider stands.
      await sandbox.findButton(dora, new RegExp(`^1k:d:${code}$`));
      await sandbox.payInCoins(depositPaymentId(code));
      return { code, status: 'credited', step: 'Commission paid to whoever brought them' };
    },
  },
  {
    title: 'Anna tops up straight from Bitcoin’s chain',
    async play(stage) {
      const { sandbox, shop } = stage;
      const before = await shop.codesOf(anna.id, 'deposit');
      await sandbox.send(anna, '/refill');
      await sandbox.tap(anna, await sandbox.findButton(anna, /^1n:b$/));
      const { copies: address = '' } = await sandbox.findButton(anna, /^[123mn][0-9A-Za-z]{25,}$|^(?:bc|tb|bcrt)1[0-9a-z]+$/);
      await sandbox.payOnChain('btc', address, '0.0005');
      const code = await waitFor('the deposit of what Anna sent', async () =>
        (await shop.codesOf(anna.id, 'deposit')).find((one) => !before.includes(one)),
      );
      return { code, status: 'credited' };
    },
  },
  {
    title: 'Anna tops up by bank transfer, and staff say what they saw in the bank',
    async play(stage) {
      const { sandbox, staffChatId } = stage;
      const code = await openTopUp(stage, anna, 60, /^1F:[0-9A-Z]{8}:k:/);
      // Her transfer's title stands in the chat by now.
      await sandbox.findButton(anna, new RegExp(`^1x:${code}$`));
      await sandbox.send(olga, `/approve ${formatOrderCode(code)} 60 ${code} Anna Demo`, staffChatId);
      await sandbox.tap(olga, await sandbox.findButton(olga, /^1V:[0-9a-z]+:0:1$/, staffChatId), staffChatId);
      return { code, status: 'credited' };
    },
  },
];

/** Asks for an amount in whole units and taps a method whose button fits. @returns the deposit's code */
async function openTopUp({ sandbox }: Stage, person: Person, amount: number, method: RegExp): Promise<string> {
  await sandbox.send(person, `/refill ${amount}`);
  const button = await sandbox.findButton(person, method);
  await sandbox.tap(person, button);
  return button.data.split(':')[1] ?? '';
}
