/** What programs take of the machine's memory. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

interface Row {
  readonly pid: number;
  readonly parent: number;
  /** Resident memory by `ps`: pages shared between processes count for each. */
  readonly residentKb: number;
  readonly args: string;
}

/** Megabytes of a process and all below it, and by program, largest first. A page that several of them share is taken once. */
export function readTreeMemory(rootPid: number): { megabytes: number; byProgram: Record<string, number> } {
  const rows = listProcesses();
  const tree = new Set([rootPid]);
  for (let before = 0; before < tree.size; ) {
    before = tree.size;
    for (const row of rows) if (tree.has(row.parent)) tree.add(row.pid);
  }
  const byProgram = new Map<string, number>();
  const add = (name: string, kilobytes: number) => byProgram.set(name, (byProgram.get(name) ?? 0) + kilobytes / 1024);
  const programFiles = new Map<string, number>();
  for (const row of rows.filter(({ pid }) => tree.has(pid))) {
    const share = readShare(row.pid);
    add(nameOf(row.args), share?.own ?? row.residentKb);
    for (const [key, kilobytes] of share?.files ?? []) programFiles.set(key, Math.max(programFiles.get(key) ?? 0, kilobytes));
  }
  const filesKb = [...programFiles.values()].reduce((sum, kilobytes) => sum + kilobytes, 0);
  if (filesKb > 0) add('shared program files', filesKb);
  const sorted = [...byProgram].sort(([, one], [, other]) => other - one).map(([name, value]) => [name, Math.round(value)] as const);
  return { megabytes: sorted.reduce((sum, [, value]) => sum + value, 0), byProgram: Object.fromEntries(sorted) };
}

/** The most a process held at once since its start or `resetPeakMemory`, megabytes; what it holds now where the system does not tell. */
export function readPeakMemory(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return (listProcesses().find((row) => row.pid === pid)?.residentKb ?? 0) / 1024;
  }
}

/** Forgets the peak so far, where the system can. */
export function resetPeakMemory(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Then the peak is that of all rounds so far.
  }
}

interface Share {
  /** Its own pages, and its part of what is shared in memory, such as PostgreSQL's buffers: Kilobytes. */
  readonly own: number;
  /** Kilobytes of shared pages by place in a file: programs and libraries, of which one copy serves all. */
  readonly files: ReadonlyMap<string, number>;
}

/**
 * What a process takes, by its mappings. The part the kernel gives it of a program's file would depend on who else on this machine
 * happens to run that program, so those are told apart.
 * @returns undefined where the system does not tell
 */
function readShare(pid: number): Share | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/smaps`, 'utf8');
  } catch {
    return undefined;
  }
  let own = 0;
  const files = new Map<string, number>();
  for (const mapping of text.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(mapping)?.[1] ?? 0);
    const [, offset, path] = /^\S+ \S+ (\S+) \S+ \d+ +(\/(?!dev\/)[^\n]*)/.exec(mapping) ?? [];
    if (offset === undefined || path === undefined || path.endsWith('(deleted)')) {
      own += read('Pss');
      continue;
    }
    own += read('Private_Clean') + read('Private_Dirty');
    files.set(`${path} ${offset}`, read('Shared_Clean') + read('Shared_Dirty'));
  }
  return { own, files };
}

function listProcesses(): Row[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, kilobytes, args = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), residentKb: Number(kilobytes), args }];
  });
}

function nameOf(args: string): string {
  if (/^postgres|\/postgres /.test(args)) return 'postgres';
  if (/temporal\S* server /.test(args)) return 'temporal';
  if (args.includes('sandbox/main.ts')) return 'sandbox';
  if (args.includes('supervisor/main.ts')) return 'supervisor';
  if (args.includes('start.mjs')) return 'launcher';
  return /workers\/(\w+)\.ts/.exec(args)?.[1] ?? 'other';
}
