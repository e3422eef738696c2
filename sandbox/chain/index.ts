/** The chains of BTC and LTC: the Esplora HTTP API below `/chain/<coin>`, their control below `/sandbox/chain`, and a wallet page. */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { type Block, ChainError, type Coin, coins, openChain, type SandboxChain, type Transaction } from './chain.ts';
import { walletPage } from './wallet-page.ts';

/** What waits is mined this soon, and blocks follow until it has this many confirmations. */
const blockEveryMs = 15_000;
const mostConfirmations = 12;

const units = z
  .string()
  .regex(/^\d{1,8}(\.\d{1,8})?$/, 'an amount such as 0.0005')
  .transform((text) => Math.round(Number(text) * 100_000_000))
  .refine((value) => value > 0, 'more than nothing is needed');
const txid = z.string().regex(/^[0-9a-f]{64}$/);
const coin = z.enum(coins);
const sending = z.strictObject({
  outputs: z
    .array(z.strictObject({ address: z.string().min(1).max(100), units }))
    .min(1)
    .max(10_000),
  replaces: txid.optional(),
});
const mining = z.strictObject({ blocks: z.number().int().min(1).max(1_000).default(1), withWaiting: z.boolean().default(true) });
const reorganising = z.strictObject({
  depth: z.number().int().min(1).max(100),
  remine: z.boolean().default(true),
  drop: z.array(txid).max(1_000).default([]),
});

export function createChains(context: SandboxContext) {
  const { store, clock } = context;
  const chains = Object.fromEntries(coins.map((name) => [name, openChain(store, name, clock)])) as Record<Coin, SandboxChain>;
  const chainOf = (c: Context): SandboxChain => chains[coin.parse(c.req.param('coin'))];
  let timer: NodeJS.Timeout | undefined;
  const esplora = new Hono();
  for (const name of coins) esplora.route(`/${name}`, createEsplora(chains[name], context));

  return {
    chains,
    esplora,
    control: createControl(chainOf),
    page: new Hono().get('/', (c) => walletPage(c, chains)).post('/', (c) => walletPage(c, chains)),
    /** Blocks come by themselves while a payment is young. */
    start() {
      timer = setInterval(() => {
        for (const chain of Object.values(chains)) if (isAwaited(chain)) chain.mine();
      }, blockEveryMs);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

function isAwaited(chain: SandboxChain): boolean {
  if (chain.waiting().length > 0) return true;
  const tip = chain.tip();
  return Array.from({ length: mostConfirmations - 1 }, (_, index) => chain.at(tip.height - index)).some(
    (block) => block !== undefined && block.txids.length > 1,
  );
}

function createControl(chainOf: (c: Context) => SandboxChain): Hono {
  const app = new Hono();
  app.onError((err, c) => {
    if (err instanceof z.ZodError) {
      return c.json({ error: err.issues.map((issue) => `${issue.path.join('.') || 'coin'}: ${issue.message}`).join('; ') }, 400);
    }
    if (err instanceof ChainError) return c.json({ error: err.message }, 400);
    throw err;
  });
  const read = async <Shape extends z.ZodType>(shape: Shape, c: Context): Promise<z.output<Shape>> =>
    shape.parse(JSON.parse((await c.req.text()) || '{}'));
  const tell = ({ height, hash }: Block) => ({ height, hash });
  app.get('/:coin', (c) =>
    c.json({
      ...tell(chainOf(c).tip()),
      waiting: chainOf(c)
        .waiting()
        .map((one) => one.txid),
    }),
  );
  app.post('/:coin/send', async (c) => {
    const { outputs, replaces } = await read(sending, c);
    const payments = outputs.map((output) => ({ address: output.address, value: output.units }));
    return c.json({ txid: chainOf(c).send(payments, replaces).txid });
  });
  app.post('/:coin/mine', async (c) => {
    const { blocks, withWaiting } = await read(mining, c);
    return c.json(tell(chainOf(c).mine(blocks, withWaiting)));
  });
  app.post('/:coin/reorganise', async (c) => c.json(tell(chainOf(c).reorganise(await read(reorganising, c)))));
  return app;
}

const pageSize = 25;

/** Answers, or as the next fault wants. */
function striking({ faults }: SandboxContext): MiddlewareHandler {
  return async (c, next) => {
    const fault = faults.take('chain', c.req.path.replace(/^\/chain\/\w+/, ''))?.kind;
    if (fault === '429') return c.text('Too Many Requests', 429, { 'retry-after': '1' });
    if (fault === '500') return c.text('Internal Server Error', 500);
    if (fault === 'garbage') return c.text('<html><body>Just a moment...</body></html>');
    if (fault !== 'timeoutBefore') return next();
    const { outgoing } = c.env as { outgoing?: { destroy: () => void } };
    outgoing?.destroy();
    return outgoing ? RESPONSE_ALREADY_SENT : c.body(null, 504 as never);
  };
}

function createEsplora(chain: SandboxChain, context: SandboxContext): Hono {
  const app = new Hono();
  app.use(striking(context));
  app.get('/blocks/tip/hash', (c) => c.text(chain.tip().hash));
  app.get('/blocks/tip/height', (c) => c.text(String(chain.tip().height)));
  app.get('/block-height/:height', (c) => {
    const block = chain.at(Number(c.req.param('height')));
    return block ? c.text(block.hash) : c.text('Block not found', 404);
  });
  app.get('/block/:hash', (c) => {
    const block = chain.block(c.req.param('hash'));
    return block ? c.json(tellBlock(block)) : c.text('Block not found', 404);
  });
  app.get('/block/:hash/txs/:from', (c) => {
    const block = chain.block(c.req.param('hash'));
    const from = Number(c.req.param('from'));
    if (!block || from % pageSize !== 0 || from >= block.txids.length) return c.text('Block not found', 404);
    return c.json(block.txids.slice(from, from + pageSize).map((id) => tellTransaction(chain.transaction(id) as Transaction, block)));
  });
  app.get('/mempool/txids', (c) => c.json(chain.waiting().map((one) => one.txid)));
  app.get('/address/:address/txs/mempool', (c) => {
    const address = c.req.param('address');
    const paying = chain.waiting().filter(({ outputs }) => outputs.some((output) => output.address === address));
    return c.json(paying.slice(-50).map((one) => tellTransaction(one, undefined)));
  });
  app.get('/address/:address/utxo', (c) =>
    c.json(
      chain.unspentOf(c.req.param('address')).map(({ txid, vout, value, height }) => {
        const { hash, time } = chain.at(height) as Block;
        return { txid, vout, value, status: { confirmed: true, block_height: height, block_hash: hash, block_time: time } };
      }),
    ),
  );
  app.get('/tx/:txid', (c) => {
    const one = chain.knows(c.req.param('txid')) ? chain.transaction(c.req.param('txid')) : undefined;
    return one ? c.json(tellTransaction(one, chain.blockOf(one.txid))) : c.text('Transaction not found', 404);
  });
  return app;
}

function tellBlock({ hash, height, version, time, txids, merkleRoot, previousHash, nonce, bits }: Block) {
  const header = { id: hash, height, version, timestamp: time, tx_count: txids.length, merkle_root: merkleRoot };
  return { ...header, previousblockhash: /^0+$/.test(previousHash) ? null : previousHash, nonce, bits };
}

function tellTransaction({ txid: id, inputs, outputs }: Transaction, block: Block | undefined) {
  const coinbase = { txid: '0'.repeat(64), vout: 0xff_ff_ff_ff, is_coinbase: true };
  return {
    txid: id,
    vin: inputs.length === 0 ? [coinbase] : inputs.map((input) => ({ ...input, is_coinbase: false })),
    vout: outputs.map(({ script, value, address }) => ({ scriptpubkey: script, scriptpubkey_address: address, value })),
    status: block ? { confirmed: true, block_height: block.height, block_hash: block.hash, block_time: block.time } : { confirmed: false },
  };
}
