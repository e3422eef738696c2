/** The disk under PostgreSQL fills up. A small disk of memory stands for it, which takes the right to mount one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../../supervisor/process.ts';
import { startMarket, type Market } from '../harness/market.ts';
import { makeRandom } from '../harness/random.ts';
import type { Scenario } from '../harness/scenario.ts';
import { pause, runLoad, tellPurchases } from './load.ts';

const diskMegabytes = 320;

interface SmallDisk {
  readonly folder: string;
  fill(): void;
  clear(): void;
  close(): Promise<void>;
}

/** @returns undefined where this process may not mount one */
function mountSmallDisk(): SmallDisk | undefined {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `tillflow-disk-${process.pid}-`));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m,mode=755`, 'tmpfs', folder]).status === 0;
  if (!mounted) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const filler = join(folder, 'filler');
  const block = Buffer.alloc(1024 * 1024);
  return {
    folder,
    fill() {
      try {
        for (;;) writeFileSync(filler, block, { flag: 'a' });
      } catch (err) {
        if ((err as NodeJS.ErrnoException).code !== 'ENOSPC') throw err;
      }
    },
    clear: () => rmSync(filler, { force: true }),
    async close() {
      spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Disks of harnesses that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^tillflow-disk-(\d+)-/.exec(name)?.[1]);
    if (!(pid > 0) || isAlive(pid)) continue;
    spawnSync('umount', ['-l', join(tmpdir(), name)]);
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

export const postgresFull: Scenario = {
  name: 'postgres-full',
  summary: 'the disk under PostgreSQL is full for a while, again and again: it may fall over, and nothing is lost',
  beside: true,
  rounds: 1,
  async run(round) {
    const disk = mountSmallDisk();
    if (!disk) return 'SKIPPED: mounting a small disk takes rights this process has not (run as root)';
    let market: Market | undefined;
    try {
      const postgresDir = join(disk.folder, 'postgres');
      mkdirSync(postgresDir);
      // Write-ahead files are kept few, so that the disk is filled by what we write and not by them.
      const postgresSettings = { max_wal_size: '64MB', min_wal_size: '32MB', shared_buffers: '32MB' };
      market = await startMarket({ postgresDir, postgresSettings, say: round.say });
      const { stack } = market;
      const random = makeRandom(round.seed);
      let times = 0;
      const purchases = await runLoad(market, round.seed, {
        orders: round.short ? 10 : 150,
        buyers: 12,
        async breaking(signal) {
          while (await pause(random.whole(2_000, 4_000), signal)) {
            times += 1;
            disk.fill();
            await pause(round.short ? 4_000 : random.whole(4_000, 10_000), signal);
            disk.clear();
          }
        },
      });
      await round.checkNow(stack.db);
      return `${times} times; ${tellPurchases(purchases)}`;
    } finally {
      await market?.close();
      await disk.close();
    }
  },
};
