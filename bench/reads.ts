import { startPeer } from "./peer";
import { type Floor, record } from "./support/floor";
import { alternate, type Load, printHead, printRow } from "./support/measure";
import type { BenchedService } from "./support/service";

const MEMBERS = 50;

/** The reads on which requests to all other services depend, compared with the floor and a hand-written peer. */
export async function benchReads(service: BenchedService, floor: Floor, load: Load): Promise<void> {
  const organizationId = await service.organization();
  await service.fill(organizationId, MEMBERS);
  const peer = await startPeer(service.databaseUrl, "owner");
  printHead("read", "requests/s", "p50 ms", "p99 ms", "SQL", "floor/s", "ratio", "Yoga peer/s", "its ratio");
  for (const [name, query] of Object.entries(reads(organizationId))) await compare(name, query);
  const entities = await hundredWorkspaces(service);
  await compare("_entities, 100 workspaces", entities.query, entities.variables, { hasPeer: false });
  await peer.stop();

  async function compare(name: string, query: string, variables = {}, { hasPeer = true } = {}): Promise<void> {
    const ours = service.target(query, { variables });
    await service.ask(query, "owner", variables);
    const sent = await record(() => service.ask(query, "owner", variables));
    floor.replay([sent]);
    const bare = { ...ours, port: floor.port };
    const [mine, theirs, yogas] = await alternate(load, [
      ours,
      bare,
      ...(hasPeer ? [{ ...ours, port: peer.port }] : []),
    ]);
    if (!mine || !theirs) throw new Error("A round is missing.");
    printRow(
      name,
      ...[mine.perSecond, mine.p50, mine.p99, sent.length],
      ...[theirs.perSecond, mine.perSecond / theirs.perSecond],
      ...(yogas ? [yogas.perSecond, yogas.perSecond / theirs.perSecond] : ["–", "–"]),
    );
  }
}

/** The request of a gateway for a hundred workspaces from another subgraph's result. */
async function hundredWorkspaces(service: BenchedService) {
  const id = await service.organization();
  await service.sql(
    `INSERT INTO workspace (id, organization_id, name, name_key, cloud_provider, is_default, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'E' || n, 'e' || n, 'AWS', false, now(), now() FROM generate_series(1, 100) n`,
    id,
  );
  const rows = await service.sql<{ id: string }>(
    "SELECT id FROM workspace WHERE organization_id = $1 AND NOT is_default",
    id,
  );
  return {
    query: `query($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Workspace { id name cloudProvider viewerRole viewerPermissions } } }`,
    variables: { representations: rows.map((row) => ({ __typename: "Workspace", id: row.id })) },
  };
}

function reads(id: string): Record<string, string> {
  return {
    "viewer page": "{ viewer { id name email memberships { role organization { id name viewerPermissions } } } }",
    [`organization page, ${MEMBERS} members`]: `{ organization(id: "${id}") { id name viewerPermissions
      members(first: ${MEMBERS}) { nodes { id role joinedAt user { id name email }
        workspaceAccess { role source workspace { id name } } } } } }`,
    "one permission check": `{ organizationPermissions(
      checks: [{ organizationId: "${id}", permission: EDIT_ORGANIZATION }]) { allowed reasons } }`,
  };
}
