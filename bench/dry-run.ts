import type { Floor } from "./support/floor";
import { type Load, type Measured, medians, printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";

const ROUNDS = 5;
const REQUESTS = 60;

const SEEN = "effects { type summary subjectId workspaceId changes { field before after } }";
const LIMITS = "memberLimit { used limit } workspaceLimit { used limit }";

/** The inputs and result types of the mutations. */
const TRIED: Record<string, { input: (organizationId: string) => string; answer: string }> = {
  updateOrganization: {
    input: (id) => `organizationId: "${id}", name: "Renamed"`,
    answer: "... on UpdateOrganizationSuccess { organization { id name } }",
  },
  createWorkspace: {
    input: (id) => `organizationId: "${id}", name: "Tried", cloudProvider: AWS`,
    answer: "... on CreateWorkspaceSuccess { workspace { id name } }",
  },
  inviteMembers: {
    input: (id) => `organizationId: "${id}", role: VIEWER, emails: ["a@example.com", "b@example.com"]`,
    answer: "... on InviteMembersSuccess { invitations { id email } }",
  },
};

/**
 * Compares dry runs with their mutations, each request in its own organization. The dry runs are first, because they do
 * not change the organizations. A dry run should cost at most 1.2 times its mutation.
 */
export async function benchDryRun(service: BenchedService, _floor: Floor, load: Load): Promise<void> {
  const ids: string[] = [];
  while (ids.length < ROUNDS * REQUESTS) ids.push(await service.organization());
  printHead("dry run", "requests/s", "p50 ms", "p99 ms", "mutation/s", "cost");
  for (const [name, { input, answer }] of Object.entries(TRIED)) {
    const dry = ids.map(
      (id) => `{ dryRun(mutation: { ${name}: { ${input(id)} } }) {
      ... on DryRunSuccess { ${SEEN} ${LIMITS} emails { to subject } } } }`,
    );
    const real = ids.map((id) => `mutation { ${name}(input: { ${input(id)} }) { ${answer} } }`);
    await compare(name, dry, real);
  }

  async function compare(name: string, dry: string[], real: string[]): Promise<void> {
    const target = service.target("", { who: "owner" });
    const rounds = { dry: [] as Measured[], real: [] as Measured[] };
    const bodiesOf = (queries: string[], round: number) =>
      queries.slice(round * REQUESTS, (round + 1) * REQUESTS).map((query) => JSON.stringify({ query }));
    for (let round = 0; round < ROUNDS; round++) {
      rounds.dry.push(await load.run(target, { bodies: bodiesOf(dry, round) }));
      rounds.real.push(await load.run(target, { bodies: bodiesOf(real, round) }));
    }
    const [tried, done] = [medians(rounds.dry), medians(rounds.real)];
    printRow(name, tried.perSecond, tried.p50, tried.p99, done.perSecond, done.perSecond / tried.perSecond);
  }
}
