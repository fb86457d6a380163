/**
 * The long proofs in full, then `npm run mutate`. `npm test` runs the same files in a short form. Arguments name files:
 * `npm run prove -- test/live/replicas`.
 */
const { spawnSync } = require("node:child_process");
const path = require("node:path");

/**
 * How much each proof does. Its test file says what the number counts. The environment may name
 * other numbers: `PROVE_ROUNDS=1000 npm run prove -- test/commands/races`.
 */
const SIZES = {
  PROVE_BACKUPS: "1",
  PROVE_CHANGES: "100",
  PROVE_DELETIONS: "50",
  PROVE_DEPTH: "3",
  PROVE_DOCUMENTS: "10000",
  PROVE_DRY_RUNS: "5000",
  PROVE_EVENTS: "400",
  PROVE_FEED: "6000",
  PROVE_GAP_MS: "2000",
  PROVE_HISTORY: "1000",
  PROVE_HOPS: "4",
  PROVE_HOSTILE: "1",
  PROVE_KEYS: "3000",
  PROVE_KILLS: "10",
  PROVE_LOSSES: "100",
  PROVE_MEMBERS: "10000",
  PROVE_OUTAGES: "1",
  PROVE_RECORDS: "50000",
  PROVE_REVOCATIONS: "200",
  PROVE_ROUNDS: "250",
  PROVE_RUNBOOK: "1",
  PROVE_SCHEDULES: "150",
  PROVE_SECRETS: "20",
  PROVE_SEQUENCES: "10000",
  PROVE_STORIES: "1",
  PROVE_TIMELINES: "1",
};
const FILES = [
  "test/billing/stripe.test",
  "test/byok/kms-outage",
  "test/byok/rotation",
  "test/byok/secrets",
  "test/commands/access-review-size",
  "test/commands/races",
  "test/console/shell",
  "test/console/stories",
  "test/dry-run/random-worlds",
  "test/gateway/agents",
  "test/graphql/compiled",
  "test/graphql/differential",
  "test/graphql/vanishing",
  "test/isolation/isolation",
  "test/isolation/streams",
  "test/live/feed-schedules",
  "test/live/replicas",
  "test/live/schedules",
  "test/process/restored",
  "test/server/failover",
  "test/server/hostile-documents",
  "test/server/metrics",
  "test/server/standby-reads",
  "test/store/counters",
  "test/usage/crashes",
];
const TIMEOUT_MS = 1_800_000;

const root = path.join(__dirname, "..");
const named = process.argv.slice(2);
run(require.resolve("jest/bin/jest"), [...(named.length > 0 ? named : FILES), `--testTimeout=${TIMEOUT_MS}`]);
if (named.length === 0) run(path.join(root, "bin", "mutate.js"), []);

function run(script, parameters) {
  const { status } = spawnSync(process.execPath, [script, ...parameters], {
    cwd: root,
    env: { ...SIZES, ...process.env },
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
