/** Where the processor's time goes: seconds by process, for some by thread, of everything this process started. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** CPU seconds by program, `worker/MainThread` where a program's threads are told apart. */
type CpuTimes = ReadonlyMap<string, number>;

/** Linux shows ticks of a hundredth of a second to programs, whatever its own clock does. */
const tickSeconds = 0.01;
/** Everything that runs on this machine, ours or not. */
const machine = 'machine';
/** Programs whose threads do different work. */
const threaded = /^(worker|naive-temporal|empty-worker)$/;

/**
 * Reads the times of this process and everything below it. Those that have ended since are in the sum of who waited for them, which
 * is how PostgreSQL's short-lived processes are counted.
 * @returns undefined where the system does not tell
 */
function readCpuTimes(): CpuTimes | undefined {
  if (process.platform !== 'linux') return undefined;
  const times = new Map<string, number>();
  const add = (name: string, seconds: number) => times.set(name, (times.get(name) ?? 0) + seconds);
  add(machine, readMachineTime());
  add('bench', readTimes(`/proc/${process.pid}/stat`)?.own ?? 0);
  for (const pid of listChildren(process.pid)) addTree(add, pid);
  return times;
}

function addTree(add: (name: string, seconds: number) => void, pid: number): void {
  const name = nameOf(pid);
  const times = readTimes(`/proc/${pid}/stat`);
  if (!times) return;
  if (threaded.test(name)) {
    for (const [thread, seconds] of readThreads(pid)) add(`${name}/${thread}`, seconds);
  } else add(name, times.own);
  // Children that have ended are in ours; those that run are read themselves.
  if (times.ofEnded > 0) add(name, times.ofEnded);
  for (const child of listChildren(pid)) addTree(add, child);
}

function readThreads(pid: number): [string, number][] {
  return list(`/proc/${pid}/task`).flatMap((tid): [string, number][] => {
    const times = readTimes(`/proc/${pid}/task/${tid}/stat`);
    // Threads of one pool differ by number only.
    return times ? [[times.name.replace(/[-\s]*\d+$/, ''), times.own]] : [];
  });
}

function readTimes(path: string): { name: string; own: number; ofEnded: number } | undefined {
  try {
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(path, 'utf8')) ?? [];
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = rest.split(' ').slice(11, 15).map(Number);
    return { name, own: (user + system) * tickSeconds, ofEnded: (endedUser + endedSystem) * tickSeconds };
  } catch {
    return undefined;
  }
}

function listChildren(pid: number): number[] {
  return list(`/proc/${pid}/task`).flatMap((tid) => {
    try {
      return readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
}

function readMachineTime(): number {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = first.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softIrq) * tickSeconds;
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function nameOf(pid: number): string {
  let args = '';
  try {
    args = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .replaceAll('\0', ' ')
      .replaceAll(/ --import \S+/g, '')
      .trim();
  } catch {
    // Gone.
  }
  if (/^postgres|\/postgres /.test(args)) return 'postgres';
  if (/temporal\S* server |temporal-server/.test(args)) return 'temporal';
  if (args.includes('sandbox/main.ts')) return 'sandbox';
  return (
    /peers\/([\w-]+)\//.exec(args)?.[1] ?? /\/([\w-]+)\.m?[jt]s( |$)/.exec(args)?.[1] ?? args.split(' ')[0]?.split('/').at(-1) ?? 'other'
  );
}

/** What was used between two readings. */
function subtractTimes(after: CpuTimes, before: CpuTimes): [string, number][] {
  return [...after]
    .map(([name, seconds]): [string, number] => [name, seconds - (before.get(name) ?? 0)])
    .filter(([, seconds]) => seconds > 0);
}

/** Lines for people: milliseconds of processor an order, by program. */
function explainCpu(title: string, times: CpuTimes, orders: number, seconds: number): string[] {
  const used = [...times].filter(([name]) => name !== machine).sort(([, one], [, other]) => other - one);
  const sum = used.reduce((total, [, one]) => total + one, 0);
  const others = Math.max(0, (times.get(machine) ?? 0) - sum);
  const line = (name: string, value: number) => `  ${name.padEnd(34)} ${((value / orders) * 1_000).toFixed(2).padStart(8)}`;
  return [
    `${title}: ms of CPU an order (${orders} orders in ${seconds.toFixed(1)} s, ${(sum / seconds).toFixed(2)} cores busy, others on this machine ${(others / seconds).toFixed(2)})`,
    ...used.filter(([, value]) => value / orders >= 0.000_05).map(([name, value]) => line(name, value)),
    line('sum', sum),
  ];
}

export interface Profile {
  /** Runs a measured part that makes `orders` orders and counts what every program uses meanwhile. */
  during<Result extends { readonly seconds: number }>(name: string, orders: number, part: () => Promise<Result>): Promise<Result>;
  /** Everything counted so far, for people. */
  explain(): string[];
}

/** Counts nothing unless asked to. */
export function createProfile(wanted = false): Profile {
  const parts = new Map<string, { used: Map<string, number>; orders: number; seconds: number }>();
  return {
    async during(name, orders, part) {
      const before = wanted ? readCpuTimes() : undefined;
      const result = await part();
      const after = before && readCpuTimes();
      if (before && after) {
        const sum = parts.get(name) ?? { used: new Map<string, number>(), orders: 0, seconds: 0 };
        for (const [program, seconds] of subtractTimes(after, before)) sum.used.set(program, (sum.used.get(program) ?? 0) + seconds);
        parts.set(name, { used: sum.used, orders: sum.orders + orders, seconds: sum.seconds + result.seconds });
      }
      return result;
    },
    explain: () => [...parts].flatMap(([name, { used, orders, seconds }]) => explainCpu(name, used, orders, seconds)),
  };
}
