import fs from "node:fs";

export default async function globalTeardown(): Promise<void> {
  await globalThis.poolerForTests?.stop();
  const running = globalThis.embeddedForTests;
  if (!running) return;
  await running.postgres.stop();
  fs.rmSync(running.directory, { recursive: true, force: true });
}
