/** What a source of blocks may say that is not so, in Esplora's words and in a node's. */
import { randomBytes } from 'node:crypto';
import type { Lie, Question, Reply, Spoil } from '../harness/liar.ts';

const any = () => true;
const named = (pattern: RegExp) => (question: Question) => pattern.test(question.name);
const noHash = () => randomBytes(32).toString('hex');

/** Said of every question, by any source. */
const refusals: Readonly<Record<string, Spoil>> = {
  'answers 429': async () => ({ status: 429, text: 'Too Many Requests', headers: { 'retry-after': '1' } }),
  'answers 500': async () => ({ status: 500, text: 'Internal Server Error' }),
  'answers 503': async () => ({ status: 503, text: 'upstream' }),
  'answers with a page': async () => ({ status: 200, text: '<html><body>Just a moment...</body></html>' }),
  'sends us elsewhere': async () => ({ status: 302, text: '', headers: { location: 'http://127.0.0.1:1/' } }),
  'hangs up': async () => undefined,
  'breaks off': async (_, truly) => {
    const { status, text } = await truly();
    return { status, text: text.slice(0, Math.floor(text.length / 2)) };
  },
};

export const refusalLies: readonly Lie[] = Object.entries(refusals).map(([name, spoil]) => ({ name, fits: any, spoil }));

/** Changes the JSON of a good answer. */
const changed =
  (change: (json: never) => unknown): Spoil =>
  async (_, truly) => {
    const reply = await truly();
    return reply.status === 200 ? { status: 200, text: JSON.stringify(change(JSON.parse(reply.text) as never)) } : reply;
  };

const text = (words: string): Reply => ({ status: 200, text: words });
const esplora = (name: string, pattern: RegExp, spoil: Spoil): Lie => ({ name, fits: named(pattern), spoil });
const block = /^\/block\/[0-9a-f]{64}$/;
const page = /^\/block\/[0-9a-f]{64}\/txs\//;
const at = (height: number): Question => ({ name: `/block-height/${height}`, params: [] });

/** The height the source stands at, by its own words. */
async function heightOf(truly: Parameters<Spoil>[1]): Promise<number> {
  return Number((await truly({ name: '/blocks/tip/height', params: [] })).text);
}

type Transactions = readonly { readonly txid: string }[];

export const esploraLies: readonly Lie[] = [
  esplora(
    'a block whose parent is unknown',
    block,
    changed((json: object) => ({ ...json, previousblockhash: noHash() })),
  ),
  esplora(
    'a block at another height',
    block,
    changed((json: { height: number }) => ({ ...json, height: json.height + 7 })),
  ),
  esplora(
    'fewer transactions than the block has',
    block,
    changed((json: { tx_count: number }) => ({ ...json, tx_count: Math.max(1, json.tx_count - 1) })),
  ),
  esplora('a tip nobody has', /^\/blocks\/tip\/hash$/, async () => text(noHash())),
  esplora('a tip that is no hash', /^\/blocks\/tip\/hash$/, async () => text('../../etc/passwd')),
  esplora('another block for a height', /^\/block-height\//, async ({ name }, truly) => {
    const height = Number(name.split('/').at(-1));
    const other = await truly(at(height - 1));
    return other.status === 200 ? other : truly();
  }),
  esplora('a block nobody has for a height', /^\/block-height\//, async () => text(noHash())),
  esplora(
    'a block without its last transaction',
    page,
    changed((json: Transactions) => json.slice(0, -1)),
  ),
  esplora(
    'a block with a transaction twice',
    page,
    changed((json: Transactions) => [...json, ...json.slice(-1)]),
  ),
  esplora(
    'a transaction of another name',
    page,
    changed((json: Transactions) => json.map((one) => ({ ...one, txid: noHash() }))),
  ),
  esplora('nothing waits', /\/txs\/mempool$/, async () => text('[]')),
  esplora('never heard of a transaction', /^\/tx\//, async () => ({ status: 404, text: 'Transaction not found' })),
  esplora('an amount below zero', /\/txs\/mempool$/, async () =>
    text(JSON.stringify([{ txid: noHash(), vin: [], vout: [{ scriptpubkey: '51', value: -1 }] }])),
  ),
];

/** For good, until it is honest again: blocks younger than those of `behind` blocks ago are not there, though it knew them before. */
export const esploraLag = (behind: number): Lie => {
  let stuckAt: Promise<number> | undefined;
  return {
    name: `${behind} blocks behind`,
    fits: named(/^\/blocks\/tip\/hash$|^\/block-height\//),
    async spoil({ name }, truly) {
      stuckAt ??= heightOf(truly).then((height) => height - behind);
      if (name === '/blocks/tip/hash') return truly(at(await stuckAt));
      return Number(name.split('/').at(-1)) > (await stuckAt) ? { status: 404, text: 'Block not found' } : truly();
    },
  };
};

/** Another chain altogether, whose blocks fit their hashes. @param source where it is told of */
export const strangers = (source: string): Lie => ({
  name: 'the chain of strangers',
  fits: any,
  async spoil({ name }) {
    const response = await fetch(`${source}${name}`);
    return { status: response.status, text: await response.text() };
  },
});

const node = (name: string, method: string, spoil: Spoil): Lie => ({ name, fits: (question) => question.name === method, spoil });
const result = (value: unknown): Reply => ({ status: 200, text: JSON.stringify({ result: value, error: null, id: 1 }) });
const changedResult = (change: (result: never) => unknown): Spoil =>
  changed((json: { result: never }) => ({ ...json, result: json.result === null ? null : change(json.result) }));

export const nodeLies: readonly Lie[] = [
  node(
    'a block whose parent is unknown',
    'getblock',
    changedResult((json: object) => ({ ...json, previousblockhash: noHash() })),
  ),
  node(
    'a block at another height',
    'getblock',
    changedResult((json: { height: number }) => ({ ...json, height: json.height + 7 })),
  ),
  node(
    'a block without its last transaction',
    'getblock',
    changedResult((json: { tx: unknown[] }) => ({ ...json, tx: json.tx.slice(0, -1) })),
  ),
  node(
    'a block with a transaction twice',
    'getblock',
    changedResult((json: { tx: unknown[] }) => ({ ...json, tx: [...json.tx, ...json.tx.slice(-1)] })),
  ),
  node(
    'a tip nobody has',
    'getblockchaininfo',
    changedResult((json: object) => ({ ...json, bestblockhash: noHash() })),
  ),
  node(
    'a height far beyond',
    'getblockchaininfo',
    changedResult((json: { blocks: number }) => ({ ...json, blocks: json.blocks + 1_000 })),
  ),
  node('a block nobody has for a height', 'getblockhash', async () => result(noHash())),
  node('another block for a height', 'getblockhash', async ({ params: [height] }, truly) =>
    truly({ name: 'getblockhash', params: [Number(height) - 1] }),
  ),
  node('nothing waits', 'getrawmempool', async () => result([])),
  node('never heard of a transaction', 'getrawtransaction', async () => ({
    status: 500,
    text: JSON.stringify({ result: null, error: { code: -5, message: 'No such mempool transaction' }, id: 1 }),
  })),
  node('is warming up', 'getblockchaininfo', async () => ({
    status: 500,
    text: JSON.stringify({ result: null, error: { code: -28, message: 'Loading block index...' }, id: 1 }),
  })),
];

export const nodeLag = (behind: number): Lie => {
  let stuckAt: Promise<number> | undefined;
  const resultOf = async <Result>(reply: Promise<Reply>) => (JSON.parse((await reply).text) as { result: Result }).result;
  const ask = (name: string, ...params: unknown[]): Question => ({ name, params });
  return {
    name: `${behind} blocks behind`,
    fits: named(/^getblockchaininfo$|^getblockhash$/),
    async spoil({ name, params: [height] }, truly) {
      stuckAt ??= resultOf<number>(truly(ask('getblockcount'))).then((count) => count - behind);
      if (name === 'getblockhash') {
        if (Number(height) <= (await stuckAt)) return truly();
        return { status: 500, text: JSON.stringify({ result: null, error: { code: -8, message: 'Block height out of range' }, id: 1 }) };
      }
      const info = await resultOf<object>(truly());
      return result({ ...info, blocks: await stuckAt, bestblockhash: await resultOf<string>(truly(ask('getblockhash', await stuckAt))) });
    },
  };
};
