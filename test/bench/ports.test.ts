import { expect, test } from 'vitest';
import { findFreePorts } from '../../bench/ports.ts';

test('ports to run servers on are no outgoing connection’s, which could have one before the server listens, or while it is dead', async () => {
  const ports = await findFreePorts(40);
  expect(new Set(ports).size).toBe(40);
  // The first that Linux gives to outgoing connections; other systems begin later.
  for (const port of ports) expect(port).toBeLessThan(32_768);
});
