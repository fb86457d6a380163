import { contentOf } from "../support/database-content";
import { Random } from "../support/random";
import { World } from "../support/world";
import { RandomTrials } from "./support/random-trials";
import { effectsSince, headOf, invitedSince, limitsFor, mutate, tryDry } from "./support/trial";

const TRIALS = Number(process.env.PROVE_DRY_RUNS ?? 100);
/** Trials per world: hashing a world's database takes longer the larger it is. */
const TRIALS_PER_WORLD = 100;
const HOUR_MS = 3_600_000;

const random = new Random(20261126);

test(`${TRIALS} random mutations: each dry run changes nothing, and the mutation has exactly the announced effects`, async () => {
  const endings: Record<string, Set<string>> = {};
  for (let done = 0; done < TRIALS; done += TRIALS_PER_WORLD) {
    const world = await World.create();
    const trials = new RandomTrials(world, random);
    for (let at = done; at < Math.min(TRIALS, done + TRIALS_PER_WORLD); at += 1) {
      const { name, ending } = await playTrial(world, trials);
      endings[name] = (endings[name] ?? new Set()).add(ending);
      if (random.chance(0.2)) world.clock.pass(random.below(24 * HOUR_MS));
    }
    await world.close();
  }
  const succeeded = Object.values(endings).filter((each) => each.has("success"));
  expect(succeeded.length).toBeGreaterThan(12);
});

async function playTrial(world: World, trials: RandomTrials): Promise<{ name: string; ending: string }> {
  const trial = await trials.next();
  const { viewer, name, organizationId } = trial;
  const before = await contentOf(world);
  const head = await headOf(world, organizationId);
  const jobs = (await invitedSince(world, 0)).length;
  const dry = await tryDry(world, trial);
  expect(await contentOf(world)).toEqual(before);
  const real = await mutate(world, trial);
  const what = { name, input: trial.input, viewer: viewer.kind === "person" ? viewer.id : viewer.kind };
  expect({ what, refusal: dry.refusal, errors: dry.errors }).toEqual({
    what,
    refusal: real.refusal,
    errors: real.errors,
  });
  if (!real.success) return { name, ending: "no" };
  const { effects, memberLimit, workspaceLimit, emails } = dry.success ?? {};
  expect({ what, effects }).toEqual({ what, effects: await effectsSince(world, organizationId, head) });
  const limits = await limitsFor(world, viewer, organizationId);
  expect({ what, memberLimit, workspaceLimit }).toEqual({ what, ...limits });
  expect(emails?.map(({ to }) => to)).toEqual(await invitedSince(world, jobs));
  return { name, ending: "success" };
}
