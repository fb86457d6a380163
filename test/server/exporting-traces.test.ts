import { readConfig } from "../../src/config/config";
import { createLog } from "../../src/log";
import { createTracing } from "../../src/tracing/sdk-tracing";
import { newParent, TraceReceiver } from "../support/trace-receiver";

test("a ratio samples its share of root traces, and the gateway's decision has priority", async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_TRACES_SAMPLER_ARG: "0.1" };
  const open = (sampler: string) => {
    const { tracing } = readConfig({ ...environment, OTEL_TRACES_SAMPLER: sampler });
    if (!tracing) throw new Error("Traces are off.");
    return createTracing(tracing, createLog("silent"));
  };
  const share = open("parentbased_traceidratio");
  const [on, off] = [open("always_on"), open("parentbased_always_off")];
  const roots = Array.from({ length: 10_000 }, () => share.start("root", "server")).filter((span) => span !== null);
  expect(roots.length).toBeGreaterThan(800);
  expect(roots.length).toBeLessThan(1_200);
  const [sampled, unsampled] = [newParent(), newParent({ isSampled: false })];
  expect(share.start("a", "server", {}, sampled.traceparent)?.traceId).toBe(sampled.traceId);
  expect(share.start("a", "server", {}, unsampled.traceparent)).toBeNull();
  expect(on.start("a", "server", {}, unsampled.traceparent)?.traceId).toBe(unsampled.traceId);
  expect(off.start("a", "server")).toBeNull();
  expect(off.start("a", "server", {}, sampled.traceparent)?.traceId).toBe(sampled.traceId);
  // Without the parent's decision, the id of the trace decides, alike in all services.
  const alike = [open("traceidratio"), open("traceidratio")];
  const parents = Array.from({ length: 300 }, (_, n) => newParent({ isSampled: n % 2 === 0 }));
  const [some, same] = alike.map((tracing) =>
    parents.map(({ traceparent }) => tracing.start("a", "server", {}, traceparent) !== null),
  );
  expect(same).toEqual(some);
  const count = some?.filter(Boolean).length;
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(100);
  await Promise.all([share, on, off, ...alike].map((tracing) => tracing.close()));
});

test("a refusing collector is logged once", async () => {
  const collector = await TraceReceiver.start();
  collector.status = 400;
  const lines: string[] = [];
  const { tracing } = readConfig(collector.environment);
  if (!tracing) throw new Error("Traces are off.");
  const refused = createTracing(tracing, createLog("warn", { write: (line) => void lines.push(line) }));
  refused.start("first loss", "server")?.end();
  await collector.span(({ name }) => name === "first loss");
  refused.start("second loss", "server")?.end();
  await collector.span(({ name }) => name === "second loss");
  await refused.close();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: "traces could not be exported", lost: 1 }]);
  await collector.stop();
});
