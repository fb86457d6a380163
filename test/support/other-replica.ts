import { Client } from "pg";
import { type Actor, outcomeOf, type TestOrganization, type World } from "./world";

/** Two Owners, an Admin, a Developer, a workspace and an invitation. */
export interface Fixtures {
  acme: TestOrganization;
  organizationId: string;
  owner: Actor;
  second: Actor;
  admin: Actor;
  developer: Actor;
  invitee: Actor;
  invitationId: string;
  workspaceId: string;
}

/** Creates them on the Enterprise plan. */
export async function createFixtures(world: World): Promise<Fixtures> {
  const acme = await world.organization("STANDARD");
  const { id: organizationId, owner } = acme;
  await world.query(
    "UPDATE organization_subscription SET plan_code = 'ENTERPRISE' WHERE organization_id = $1",
    acme.id,
  );
  const workspaceId = await acme.workspace("Alpha");
  const [second, admin] = [await acme.member("OWNER"), await acme.member("ADMIN")];
  const developer = await acme.member("DEVELOPER", [workspaceId]);
  const invitee = await world.person();
  const invitationId = await acme.invite(invitee.email, "VIEWER", [workspaceId]);
  return { acme, organizationId, owner, second, admin, developer, invitee, invitationId, workspaceId };
}

/** A change by another replica, a command that waits for it, and the command's outcome. */
export type Race = [
  name: string,
  change: (fixtures: Fixtures) => Promise<unknown>,
  act: (fixtures: Fixtures) => Promise<unknown>,
  outcome: string,
];

/** Another replica, as one connection that changes rows while a command waits for its lock. */
export class OtherReplica {
  private constructor(
    private readonly world: World,
    private readonly client: Client,
  ) {}

  static async connect(world: World): Promise<OtherReplica> {
    const client = new Client({ connectionString: world.databaseUrl });
    await client.connect();
    return new OtherReplica(world, client);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** Makes a change under a row's lock, starts `act`, and commits once `act` waits for that lock, after `meanwhile`. */
  async during<Result>(
    change: () => Promise<unknown>,
    act: () => Promise<Result>,
    meanwhile?: () => Promise<unknown>,
  ): Promise<Result> {
    await this.client.query("BEGIN");
    await change();
    let isSettled = false;
    const acting = act().finally(() => {
      isSettled = true;
    });
    acting.catch(() => undefined);
    while (!isSettled && !(await this.isAnyoneWaiting()));
    const hasWaited = !isSettled;
    const others = meanwhile?.();
    await others?.catch(() => undefined);
    await this.client.query("COMMIT");
    await others;
    const result = await acting;
    expect(hasWaited).toBe(true);
    return result;
  }

  /** Makes a change under the organization's lock. Returns the outcome of a command that waits for it. */
  async race(fixtures: Fixtures, change: Race[1], act: Race[2]): Promise<string> {
    const underLock = async () => {
      await this.lock(fixtures.organizationId);
      await change(fixtures);
    };
    return await this.during(underLock, () => outcomeOf(act(fixtures)));
  }

  query(text: string, values: unknown[]): Promise<unknown> {
    return this.client.query(text, values);
  }

  /** Locks the organization, and raises the number of its events, as every change does. */
  lock(organizationId: string): Promise<unknown> {
    return this.query("UPDATE organization SET event_sequence = event_sequence + 1 WHERE id = $1", [organizationId]);
  }

  setRole({ memberId }: Actor, role: string): Promise<unknown> {
    return this.query("UPDATE member SET role = $2 WHERE id = $1", [memberId, role]);
  }

  removeMember({ memberId }: Actor): Promise<unknown> {
    return this.query("DELETE FROM member WHERE id = $1", [memberId]);
  }

  setPlan(organizationId: string, code: string): Promise<unknown> {
    const text = "UPDATE organization_subscription SET plan_code = $2 WHERE organization_id = $1";
    return this.query(text, [organizationId, code]);
  }

  deleteWorkspace(id: string): Promise<unknown> {
    return this.query("UPDATE workspace SET deleted_at = now() WHERE id = $1", [id]);
  }

  setInvitationStatus(id: string, status: string): Promise<unknown> {
    return this.query("UPDATE invitation SET status = $2 WHERE id = $1", [id, status]);
  }

  deleteOrganization(id: string): Promise<unknown> {
    return this.query("UPDATE organization SET deleted_at = now() WHERE id = $1", [id]);
  }

  private async isAnyoneWaiting(): Promise<boolean> {
    const text = `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const [row] = await this.world.query<{ n: number }>(text);
    return (row?.n ?? 0) > 0;
  }
}
