import type { Standby } from "../../src/store/engine/standby";
import type { WalPosition } from "../../src/store/engine/standby-connection";
import type { Statement, TracedReader } from "../../src/store/engine/statement";
import { ReadPositions } from "../../src/store/read-positions";
import { StandbyReader } from "../../src/store/standby-reader";

const ANY: Statement = { name: "any", text: "" };
const EVERYTHING: Statement = { ...ANY, onStandby: "everything" };
const LOGS: Statement = { ...ANY, onStandby: { logsIn: 1 } };

/** A primary at a position in its log, with the heads of the person's organizations. */
class FakePrimary implements TracedReader {
  readonly span = null;
  readonly ran: string[] = [];
  place: WalPosition | null = { timeline: 1, lsn: 100 };
  heads: Record<string, number> = {};

  withSpan(): FakePrimary {
    return this;
  }

  async rows<Row>(statement: Statement): Promise<Row[]> {
    this.ran.push(statement.name);
    if (statement.name !== "read-positions") return ["primary"] as Row[];
    if (!this.place) throw new Error("The primary cannot be reached.");
    const heads = Object.entries(this.heads).map(([id, head]) => ({ id, head, ...this.place }));
    return (heads.length > 0 ? heads : [{ id: null, ...this.place }]) as Row[];
  }
}

/** A standby that has replayed up to a position. */
class FakeStandby {
  readonly asked: WalPosition[] = [];
  readonly skipped: string[] = [];
  replayed = Number.POSITIVE_INFINITY;
  isUsable = true;

  async rows(_statement: Statement, _values: unknown[], position: WalPosition) {
    this.asked.push(position);
    return position.lsn <= this.replayed ? ["standby"] : null;
  }

  skip(reason: string): null {
    this.skipped.push(reason);
    return null;
  }
}

let primary: FakePrimary;
let standby: FakeStandby;
let positions: ReadPositions;
beforeEach(() => {
  primary = new FakePrimary();
  standby = new FakeStandby();
  positions = new ReadPositions();
});
const query = () => new StandbyReader(primary, standby as unknown as Standby, positions, "ann");

test("a statement that may not run on a standby sends nothing to it, and reads no position", async () => {
  expect(await query().rows(ANY, [])).toEqual(["primary"]);
  expect(primary.ran).toEqual(["any"]);
  expect(standby).toMatchObject({ asked: [], skipped: [] });
});

test("one query reads its positions once, at its first read that needs them", async () => {
  const reader = query();
  expect(await Promise.all([reader.rows(EVERYTHING, []), reader.rows(EVERYTHING, [])])).toEqual([
    ["standby"],
    ["standby"],
  ]);
  await reader.withSpan({} as never).rows(LOGS, [null, "acme"]);
  expect(primary.ran).toEqual(["read-positions"]);
});

test("a read of a log needs the position at which its head was first seen; other reads need the newest position", async () => {
  primary.heads = { acme: 5, bolt: 7 };
  await query().rows(LOGS, [null, ["acme", "bolt"]]);
  primary.place = { timeline: 1, lsn: 200 };
  primary.heads = { acme: 5, bolt: 8 };
  for (const ids of ["acme", ["acme"], ["bolt", "acme"], ["acme", "bolt"], ["acme", "other"]])
    await query().rows(LOGS, [null, ids]);
  await query().rows(EVERYTHING, [null, "acme"]);
  expect(standby.asked.map(({ lsn }) => lsn)).toEqual([100, 100, 100, 200, 200, 200, 200]);
});

test("positions of another timeline are dropped", async () => {
  primary.heads = { acme: 5 };
  await query().rows(LOGS, [null, "acme"]);
  primary.place = { timeline: 2, lsn: 90 };
  await query().rows(LOGS, [null, "acme"]);
  expect(standby.asked).toEqual([
    { timeline: 1, lsn: 100 },
    { timeline: 2, lsn: 90 },
  ]);
});

test("a query tries a standby that is behind once for a position, and again for an older one", async () => {
  primary.heads = { acme: 5 };
  await query().rows(LOGS, [null, "acme"]);
  primary.place = { timeline: 1, lsn: 200 };
  standby.replayed = 199;
  const reader = query();
  const read = async (statement: Statement) => await reader.rows(statement, [null, "acme"]);
  expect(await read(EVERYTHING)).toEqual(["primary"]);
  expect(await read(EVERYTHING)).toEqual(["primary"]);
  expect(await read(LOGS)).toEqual(["standby"]);
  expect(standby.asked.map(({ lsn }) => lsn)).toEqual([100, 200, 100]);
  expect(standby.skipped).toEqual(["behind"]);
});

test("the primary runs the statement if the standby is unusable or the position cannot be read", async () => {
  standby.isUsable = false;
  expect(await query().rows(EVERYTHING, [])).toEqual(["primary"]);
  expect(primary.ran).toEqual(["any"]);
  standby.isUsable = true;
  primary.place = null;
  expect(await query().rows(EVERYTHING, [])).toEqual(["primary"]);
  expect(standby).toMatchObject({ asked: [], skipped: ["unusable", "unusable"] });
});
