/** Progress of long work, for people at a terminal: a line on standard error, written again twice a second. */
const everyMs = 500;

export interface Progress {
  /** How much of the file was read, from 0 to 1. */
  part(part: number): void;
  /** How many records. */
  count(count: number): void;
  end(): void;
}

export function createProgress(what: string, out: NodeJS.WriteStream = process.stderr): Progress {
  let part = 0;
  let count = 0;
  let last = performance.now();
  let wrote = false;
  const tell = () => {
    if (!out.isTTY || performance.now() - last < everyMs) return;
    last = performance.now();
    wrote = true;
    out.write(`\r${what}: ${Math.floor(part * 100)} %, ${count} records`);
  };
  return {
    part(now) {
      part = now;
      tell();
    },
    count(now) {
      count = now;
      tell();
    },
    end() {
      if (wrote) out.write('\n');
    },
  };
}
