/** What Prometheus reads. Counts of orders come from SQL at each reading, so that all processes say the same. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { orderStatuses } from '../domain/order.ts';
import type { Database } from '../db/orm.ts';
import { countWaiting } from '../db/repositories/inbox.ts';
import { countOrders } from '../db/repositories/timeline.ts';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(db: Database) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tillflow_http_request_duration_seconds',
    help: 'How long requests took, by route.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const webhooks = new Counter({
    name: 'tillflow_webhook_events_total',
    help: 'Events received from providers, by verdict. `repeated` were known already.',
    labelNames: ['provider', 'verdict'] as const,
    registers,
  });
  new Gauge({
    name: 'tillflow_orders',
    help: 'Orders by status.',
    labelNames: ['status'] as const,
    registers,
    async collect() {
      const counts = await countOrders(db.em.fork());
      for (const status of orderStatuses) this.set({ status }, counts[status] ?? 0);
    },
  });
  const oldest = new Gauge({
    name: 'tillflow_relay_lag_seconds',
    help: 'How long the oldest inbox row has waited for its outcome.',
    registers,
  });
  new Gauge({
    name: 'tillflow_inbox_waiting',
    help: 'Inbox rows without an outcome.',
    registers,
    async collect() {
      const { waiting, oldestSeconds } = await countWaiting(db.em.fork());
      this.set(waiting);
      oldest.set(oldestSeconds);
    },
  });
  return { registry, requests, webhooks };
}
