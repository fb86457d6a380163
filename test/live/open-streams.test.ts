import { EventStream } from "../../src/live/event-stream";
import { OpenStreams } from "../../src/live/open-streams";

const clock = { now: () => new Date("2026-03-01T12:00:00Z") };
const cursor = { userId: "ada", backlog: 0, next: () => null, onStalled: () => undefined };
const owner = { id: "ada", expiresAt: null, signedBy: "withdrawn" };
const newStream = () => new EventStream<number>(cursor, () => undefined);

test("a stream whose key is withdrawn during its start ends as soon as it is open", async () => {
  const streams = new OpenStreams(clock);
  const stream = await streams.add(owner, async () => {
    streams.endUntrusted((signedBy) => signedBy !== "withdrawn");
    return newStream();
  });
  await expect(stream.next()).rejects.toMatchObject({ extensions: { code: "UNAUTHENTICATED" } });
});

test("streams of other keys continue, and so do those of a key that is published again", async () => {
  const streams = new OpenStreams(clock);
  const other = await streams.add({ ...owner, signedBy: "other" }, async () => newStream());
  const ended = await streams.add(owner, async () => newStream());
  streams.endUntrusted((signedBy) => signedBy !== "withdrawn");
  await expect(ended.next()).rejects.toMatchObject({ extensions: { code: "UNAUTHENTICATED" } });
  streams.endUntrusted(() => true);
  const again = await streams.add(owner, async () => newStream());
  let ends = 0;
  for (const stream of [other, again]) stream.readInto({ deliver: () => undefined, end: () => (ends += 1) });
  expect(ends).toBe(0);
});
