import { killRemainingProcesses } from "../support/process";
import { Replicas } from "./support/replicas";
import { Schedule } from "./support/schedule";

// Random schedules: two processes are killed and a database is restarted while clients connect and disconnect. At the
// end, each client must have received the event log in order, each event once, and nothing after losing its right.
const SCHEDULES = Number(process.env.PROVE_SCHEDULES ?? 2);
const AT_ONCE = 12;
/**
 * The limit of all schedules together. A schedule that settles slowly fails before that, and names the missing events.
 */
const PATIENCE_MS = 120_000 + SCHEDULES * 4_000;
/** Longer than jobs stay locked after their worker was killed. */
const MAILED_WITHIN_MS = 50_000;

const random = mulberry32(20261124);
let replicas: Replicas;
beforeAll(async () => {
  replicas = await Replicas.start(random);
}, PATIENCE_MS);
afterAll(async () => {
  await replicas?.stop();
  killRemainingProcesses();
});

test(
  `${SCHEDULES} random schedules: every client receives the log in order, each event once, and nothing after losing its right`,
  async () => {
    let followers = 0;
    let started = 0;
    const worker = async () => {
      while (started < SCHEDULES && replicas.died.length === 0) {
        started += 1;
        const played = await Schedule.play(replicas, random);
        followers += played;
      }
    };
    // All end before the next test reads what they left, also when one of them fails.
    const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    expect(ended.flatMap((one) => (one.status === "rejected" ? one.reason : []))).toEqual([]);
    expect(replicas.died).toEqual([]);
    expect(followers).toBeGreaterThan(2 * SCHEDULES);
  },
  PATIENCE_MS,
);

test(
  "killing processes loses no mail",
  async () => {
    const until = performance.now() + MAILED_WITHIN_MS;
    const queued = () =>
      replicas.rows(
        `SELECT i.id, i.queued_at, now(), j.attempts, j.run_at, j.locked_at, j.locked_by, j.last_error
         FROM invitation i JOIN organization o ON o.id = i.organization_id
         LEFT JOIN graphile_worker._private_jobs j ON j.payload ->> 'invitationId' = i.id::text
         WHERE i.delivery = 'QUEUED' AND i.status = 'PENDING' AND o.deleted_at IS NULL`,
      );
    while ((await queued()).length > 0 && performance.now() < until) await new Promise((go) => setTimeout(go, 100));
    expect(await queued()).toEqual([]);
  },
  2 * MAILED_WITHIN_MS,
);

/** A small generator of repeatable random numbers. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
