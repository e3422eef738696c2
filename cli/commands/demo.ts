/** `tillflow demo`: the whole shop shown in a minute, through the sandbox's public protocols. */
import type { Command } from 'commander';
import { Product } from '../../db/entities/product.ts';
import { checkDatabase, type CheckReport } from '../../db/check.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { demo } from '../../db/seed.ts';
import { demoStaffChatId } from '../../db/seed/catalogue.ts';
import { startStack } from '../../supervisor/stack.ts';
import { type CommandContext, withContext } from '../context.ts';
import { openSandbox } from '../demo/sandbox.ts';
import { orderScenes, reach, type Scene, type Stage } from '../demo/scenes.ts';
import { openShopWindow, type ShownTimeline } from '../demo/shop-window.ts';
import { topUpScenes } from '../demo/top-up-scenes.ts';
import { CommandError, print } from '../output.ts';
import { tellReport } from './check.ts';
import { tellTimeline } from './logs.ts';

interface Played {
  readonly scene: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly timeline?: ShownTimeline;
}

export function addDemoCommands(program: Command): void {
  program
    .command('demo')
    .description(
      'buy by each method, let an order end, cancel one, refund one, top up by each method; starts the shop when none is running',
    )
    .action(async (_options: object, command: Command) => {
      const json = Boolean(command.optsWithGlobals().json);
      const tell = (line: string) => process.stderr.write(json ? '' : `${line}\n`);
      await withContext(async (context) => {
        const { config } = context;
        if (config.mode === 'live') throw new CommandError('demo: only in the sandbox; in a live shop it would be real money.');
        const shop = openShopWindow(`http://127.0.0.1:${config.ports.app}`);
        const stack = (await shop.isReady()) ? undefined : await startStack(config, { say: tell });
        try {
          const stage = await setStage(context, shop);
          const played: Played[] = [];
          for (const scene of [...orderScenes, ...topUpScenes]) {
            const one = await playScene(stage, scene);
            played.push(one);
            if (!json) process.stdout.write(`${tellPlayed(one)}\n\n`);
          }
          const report = await checkDatabase(await context.em(), { now: new Date() });
          const ok = report.ok && played.every((one) => one.ok);
          print(json, { ok, played, check: report }, () => tellEnd(report, played));
          if (!ok) process.exitCode = 1;
        } finally {
          await stack?.stop();
        }
      });
    });
}

async function setStage({ em, config }: CommandContext, shop: Stage['shop']): Promise<Stage> {
  const manager = await em();
  const found = await findShopBySlug(manager, demo.slug);
  if (!found) throw new CommandError('There is no demo shop: run `npm start` once, or `tillflow seed`.');
  const products = await manager.find(Product, { shopId: found.id });
  return {
    sandbox: openSandbox({ sandboxUrl: config.sandboxUrl, bot: demo.botUsername }),
    shop,
    staffChatId: found.staffChatId ?? demoStaffChatId,
    productId(title) {
      const product = products.find((one) => one.title === title);
      if (!product) throw new CommandError(`The demo shop no longer sells ${JSON.stringify(title)}: run \`npm run reset\`.`);
      return product.id;
    },
  };
}

async function playScene(stage: Stage, scene: Scene): Promise<Played> {
  try {
    return { scene: scene.title, ok: true, timeline: await reach(stage, await scene.play(stage)) };
  } catch (err) {
    return { scene: scene.title, ok: false, error: err instanceof Error ? err.message : String(err) };
  }
}

function tellPlayed({ scene, ok, error, timeline }: Played): string {
  return [
    `${ok ? 'ok' : 'FAILED'}: ${scene}`,
    ...(error === undefined ? [] : [error]),
    ...(timeline ? [tellTimeline(timeline, timeline.temporalUrl)] : []),
  ].join('\n');
}

function tellEnd(report: CheckReport, played: readonly Played[]): string {
  const failed = played.filter((one) => !one.ok).length;
  return `${tellReport(report)}\n${failed === 0 ? `All ${played.length} scenes went as they should.` : `${failed} of ${played.length} scenes failed.`}`;
}
