/** How many jobs of a task ended in this process, by outcome, as the metrics at a port have it. */
export async function jobCounts(port: number, task: string): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const series = new RegExp(`^job_duration_seconds_count\\{task="${task}",outcome="(\\w+)"\\} (\\d+)$`, "gm");
  return Object.fromEntries([...text.matchAll(series)].map(([, outcome, count]) => [outcome, Number(count)]));
}
