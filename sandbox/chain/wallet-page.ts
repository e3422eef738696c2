/** A small wallet with coins without end: pays to any address of the sandbox's chains, and makes blocks. No script: forms alone. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import { ChainError, type Coin, coins, type SandboxChain } from './chain.ts';

const titles: Readonly<Record<Coin, string>> = { btc: 'Bitcoin', ltc: 'Litecoin' };

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#17212b;background:#fff}
h1{font-size:1.4rem}form{border:1px solid #d5dde5;border-radius:12px;padding:1rem;margin:1rem 0}label{display:block;margin:.5rem 0}
input,select{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border:1px solid #b5c0ca;border-radius:8px}
button{font:inherit;padding:.5rem 1rem;border:0;border-radius:8px;background:#2f7cf6;color:#fff;cursor:pointer}
.note{padding:.5rem 1rem;border-radius:8px;background:#eef4ff;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{background:#17212b;color:#e8eef4}form{border-color:#33414e}input,select{background:#22303c;color:inherit}.note{background:#22303c}}`;
const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Shows the page; a posted form is carried out first. */
export async function walletPage(c: Context, chains: Readonly<Record<Coin, SandboxChain>>): Promise<Response> {
  const note = c.req.method === 'POST' ? await act(c, chains) : undefined;
  const given = c.req.query('coin');
  const coin = coins.find((one) => one === given) ?? 'btc';
  c.header('content-security-policy', policy);
  c.header('cache-control', 'no-store');
  const options = coins.map((one) => html`<option value="${one}" ${one === coin ? 'selected' : ''}>${titles[one]}</option>`);
  return c.html(html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><title>Sandbox wallet</title><style>${style}</style></head>
      <body>
        <h1>Sandbox wallet</h1>
        <p>Sandbox, no real money. A block comes by itself every 15 seconds while a payment is young.</p>
        ${note === undefined ? '' : html`<p class="note" role="status" data-testid="note">${note}</p>`}
        <form method="post">
          <label>Coin <select name="coin">${options}</select></label>
          <label>Address <input name="address" required autocomplete="off" value="${c.req.query('address') ?? ''}" /></label>
          <label>Amount <input name="units" required inputmode="decimal" value="${c.req.query('units') ?? '0.0005'}" /></label>
          <button name="act" value="send">Send</button>
        </form>
        <form method="post">
          <label>Coin <select name="coin">${options}</select></label>
          <button name="act" value="mine">Make a block</button>
        </form>
        <p>${coins.map((one) => html`${titles[one]}: block ${chains[one].tip().height}, ${chains[one].waiting().length} waiting. `)}</p>
      </body>
    </html>`);
}

async function act(c: Context, chains: Readonly<Record<Coin, SandboxChain>>): Promise<string> {
  // A page of another origin must not press here.
  const origin = c.req.header('origin');
  if (origin !== undefined && origin !== new URL(c.req.url).origin) return 'Only the sandbox’s own page may do that.';
  const form = await c.req.formData();
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const coin = coins.find((one) => one === text('coin'));
  if (!coin) return 'coin: btc or ltc is needed';
  if (text('act') === 'mine') return `${titles[coin]}: block ${chains[coin].mine().height} is made.`;
  const value = /^\d{1,8}(\.\d{1,8})?$/.test(text('units')) ? Math.round(Number(text('units')) * 100_000_000) : 0;
  if (value <= 0) return 'amount: one such as 0.0005 is needed';
  try {
    return `Sent as ${chains[coin].send([{ address: text('address'), value }]).txid}. It waits for a block.`;
  } catch (err) {
    if (err instanceof ChainError) return err.message;
    throw err;
  }
}
