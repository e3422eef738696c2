/** In sandbox mode the shops' bots and provider accounts are made known to the sandbox's far ends, as their owner would do by hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { ProviderAccount } from '../db/entities/provider-account.ts';
import type { Shop } from '../db/entities/shop.ts';
import type { Database } from '../db/orm.ts';
import { openCredentials } from '../db/repositories/provider-account.ts';
import { listShops, openBotToken } from '../db/repositories/shop.ts';
import type { Secrets } from '../db/secrets.ts';

interface Registration {
  readonly config: Pick<Config, 'mode' | 'sandboxUrl' | 'ports'>;
  readonly db: Database;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const newShopsEveryMs = 30_000;
const mostWaitMs = 10_000;

/** Registers every shop, again and again until the sandbox took it, and shops made later. Ends with `signal`; never throws. */
export async function keepRegistered(registration: Registration): Promise<void> {
  const { config, db, log, signal } = registration;
  if (config.mode !== 'sandbox') return;
  const done = new Set<number>();
  let waitMs = 250;
  while (!signal.aborted) {
    try {
      for (const shop of await listShops(db.em.fork())) {
        if (done.has(shop.id)) continue;
        await registerShop(registration, shop);
        done.add(shop.id);
      }
      waitMs = newShopsEveryMs;
    } catch (err) {
      if (signal.aborted) return;
      log.debug({ err }, 'the sandbox does not answer yet');
      waitMs = Math.min(waitMs >= mostWaitMs ? mostWaitMs : waitMs * 2, mostWaitMs);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Safe to repeat. @throws when the sandbox does not take it */
async function registerShop(registration: Registration, shop: Shop): Promise<void> {
  const { config, db, secrets } = registration;
  const token = openBotToken(secrets, shop);
  if (token !== undefined) {
    await tell(registration, '/sandbox/bots', { token, username: shop.botUsername ?? `sandbox_${shop.botId}_bot`, name: shop.title });
  }
  const accounts = await db.em.fork().find(ProviderAccount, { shopId: shop.id });
  for (const account of accounts) {
    const { secretKey, webhookSecret, apiKey, ipnSecret } = openCredentials(secrets, account).keys;
    if (account.provider === 'stripe' && secretKey !== undefined && webhookSecret !== undefined) {
      const webhookUrl = `http://127.0.0.1:${config.ports.app}/webhooks/stripe/${account.endpointId}`;
      await tell(registration, '/sandbox/stripe/accounts', { secretKey, webhookSecret, webhookUrl });
    }
    if (account.provider === 'nowpayments' && apiKey !== undefined && ipnSecret !== undefined) {
      await tell(registration, '/sandbox/nowpayments/accounts', { apiKey, ipnSecret });
    }
  }
}

async function tell({ config, signal }: Registration, path: string, body: object): Promise<void> {
  const response = await fetch(`${config.sandboxUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
  });
  // Its answer may repeat what was sent: only the status is kept.
  if (!response.ok) throw new Error(`The sandbox answered ${path} with ${response.status}`);
}
