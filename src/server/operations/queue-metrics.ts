import { Gauge, type Registry } from "prom-client";
import type { Reader, Statement } from "../../store/engine/statement";

/** The most jobs that one scrape counts, so that a long queue does not make it slow. */
const MOST = 10_000;

/** The queue by task. A job whose attempts are used up stays until an operator handles it. */
const QUEUE: Statement = {
  name: "job queue",
  text: `SELECT task_identifier AS task,
      count(*) FILTER (WHERE attempts < max_attempts AND run_at <= now())::int AS due,
      count(*) FILTER (WHERE attempts >= max_attempts)::int AS failed,
      coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE attempts < max_attempts AND run_at <= now())), 0)::float8
        AS "waitSeconds"
    FROM (SELECT task_identifier, attempts, max_attempts, run_at FROM graphile_worker.jobs LIMIT ${MOST}) job
    GROUP BY task_identifier`,
};

interface QueueRow {
  task: string;
  due: number;
  failed: number;
  waitSeconds: number;
}

type Value = Exclude<keyof QueueRow, "task">;
const GAUGES: ReadonlyArray<{ name: string; help: string; value: Value }> = [
  { name: "jobs_due", help: "Jobs that wait for a worker.", value: "due" },
  { name: "jobs_failed", help: "Jobs whose attempts are used up.", value: "failed" },
  { name: "jobs_wait_seconds", help: "How long the oldest due job has waited.", value: "waitSeconds" },
];

/** Adds the job queue's metrics, read once per scrape. While the database cannot be read, they are absent. */
export function addQueueMetrics(registry: Registry, database: Reader): void {
  let reading: Promise<QueueRow[]> | null = null;
  // The gauges of one scrape are collected at the same time, and share one read.
  const read = () => {
    reading ??= database
      .rows<QueueRow>(QUEUE, [])
      .catch(() => [])
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  for (const { name, help, value } of GAUGES) {
    new Gauge({
      name,
      help,
      labelNames: ["task"] as const,
      registers: [registry],
      async collect() {
        const rows = await read();
        this.reset();
        for (const row of rows) this.set({ task: row.task }, row[value]);
      },
    });
  }
}
