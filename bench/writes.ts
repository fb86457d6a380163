import { type Floor, record, type Sent } from "./support/floor";
import { type Load, type Measured, medians, printHead, printRow, type Target } from "./support/measure";
import type { BenchedService } from "./support/service";

interface Request {
  query: string;
  variables?: object;
}

const ROUNDS = 5;
const REQUESTS = 60;

/**
 * Writes, each request in its own organization. The floor commits the statements of the same requests, which were
 * recorded and rolled back in other organizations.
 */
export async function benchWrites(service: BenchedService, floor: Floor, load: Load): Promise<void> {
  const mine = await organizations(service, ROUNDS * REQUESTS);
  const theirs = await organizations(service, ROUNDS * REQUESTS);
  printHead("write", "requests/s", "p50 ms", "p99 ms", "SQL", "floor/s", "ratio");

  await compare("inviteMembers, ten addresses", mine.map(invite), theirs.map(invite), "owner");
  const [myRequests, theirRequests] = [mine.map(inviteByVariables), theirs.map(inviteByVariables)];
  await compare("inviteMembers, with variables", myRequests, theirRequests, "owner");

  const [toMine, toTheirs] = [await invitationsTo(mine), await invitationsTo(theirs)];
  await compare("acceptInvitation", toMine.map(accept), toTheirs.map(accept), "guest");

  async function compare(name: string, ours: Request[], others: Request[], who: "owner" | "guest"): Promise<void> {
    const recordings: Sent[] = [];
    for (const { query, variables } of others) {
      recordings.push(await record(() => service.ask(query, who, variables), { rollBack: true }));
    }
    floor.replay(recordings);
    const target = service.target("", { who });
    const rounds = { ours: [] as Measured[], floor: [] as Measured[] };
    for (let round = 0; round < ROUNDS; round++) {
      const from = round * REQUESTS;
      const bodies = ours.slice(from, from + REQUESTS).map((each) => JSON.stringify(each));
      rounds.ours.push(await load.run(target, { bodies }));
      const bare: Target = { ...target, port: floor.port };
      rounds.floor.push(await load.run(bare, { bodies: bodies.map((_, index) => String(from + index)) }));
    }
    const [our, bare] = [medians(rounds.ours), medians(rounds.floor)];
    const statements = recordings.at(-1)?.length ?? 0;
    printRow(name, our.perSecond, our.p50, our.p99, statements, bare.perSecond, our.perSecond / bare.perSecond);
  }

  /** Changes one invitation of each organization into one to the guest. */
  async function invitationsTo(ids: string[]): Promise<string[]> {
    const rows = await service.sql<{ id: string }>(
      `WITH changed AS (
         UPDATE invitation SET email = 'guest@example.com'
         WHERE email LIKE 'i0-%' AND organization_id = ANY ($1::uuid[]) RETURNING id
       ) SELECT id FROM changed`,
      ids,
    );
    if (rows.length !== ids.length) throw new Error("The invitations did not arrive at both sides alike.");
    return rows.map(({ id }) => id);
  }
}

// Each invitation needs its own address, because invitations to one address are limited.
const addresses = (id: string, first: number) =>
  Array.from({ length: 10 }, (_, n) => `i${first + n}-${id}@example.com`);

/** A document of its own for each request, which the service parses and validates. */
const invite = (id: string): Request => ({
  query: `mutation { inviteMembers(input: { organizationId: "${id}", role: VIEWER,
    emails: ${JSON.stringify(addresses(id, 0))} }) { __typename } }`,
});

const inviteByVariables = (id: string): Request => ({
  query: "mutation($input: InviteMembersInput!) { inviteMembers(input: $input) { __typename } }",
  variables: { input: { organizationId: id, role: "VIEWER", emails: addresses(id, 10) } },
});

const accept = (id: string): Request => ({
  query: `mutation { acceptInvitation(input: { invitationId: "${id}" }) { __typename } }`,
});

async function organizations(service: BenchedService, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(await service.organization());
  return ids;
}
