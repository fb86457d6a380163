import { commands } from "../../src/commands";
import type { Command } from "../../src/commands/runner/command";
import { type IdempotentCall, runCommand } from "../../src/commands/runner/run";
import type { Services } from "../../src/commands/runner/unit-of-work";
import { signIn } from "../../src/commands/user/sign-in";
import { Context } from "../../src/context";
import { Denied } from "../../src/domain/denial";
import { Refused } from "../../src/domain/refusal";
import { DEFAULT_RETENTION } from "../../src/domain/retention";
import type { OrganizationRole } from "../../src/domain/role";
import type { Person, Viewer } from "../../src/domain/viewer";
import { createAwsBedrock } from "../../src/integrations/aws/aws-bedrock";
import { SessionCache } from "../../src/integrations/aws/session-cache";
import { createLocalKeyWrapper } from "../../src/integrations/keys/key-wrapper";
import { RateLimiter } from "../../src/integrations/rate-limiter";
import { Subscriptions } from "../../src/live/subscriptions";
import { createLog } from "../../src/log";
import type { Database } from "../../src/store/engine/database";
import type { DatabaseOptions } from "../../src/store/engine/database-options";
import { KeyedMutex } from "../../src/store/engine/mutex";
import { openDatabase } from "../../src/store/engine/open-database";
import { Epochs } from "../../src/store/events/epochs";
import { FakeMailer } from "./fake-mailer";
import { cloneDatabase, IS_PARTITIONED } from "./template-database";

/** The integrations of commands in tests. Tests of BYOK have their own, with a stand-in. */
const INTEGRATIONS: Omit<Services["integrations"], "mailer"> = {
  billing: null,
  bedrock: createAwsBedrock({ bedrock: "http://127.0.0.1:1", sts: "http://127.0.0.1:1" }, []),
  keyWrapper: createLocalKeyWrapper([{ id: "test", key: Buffer.alloc(32, 7) }]),
  sessions: new SessionCache(),
  verifications: new RateLimiter(120, 10_000),
  invitationRequests: new RateLimiter(1_000_000, 1),
  alarm: () => undefined,
  appUrl: "https://app.example",
};

export const silentLog = createLog("silent");
/** For what has a time limit in production that is not tested here: a busy machine may take long. */
export const PATIENCE_MS = 60_000;

/** A clock that stands still until a test moves it. */
export class FakeClock {
  private time = new Date("2026-03-31T09:00:00.000Z").getTime();

  now(): Date {
    return new Date(this.time);
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }
}

/** A person who acts in a test. */
export interface Actor extends Person {
  email: string;
  /** The membership in the organization with which the person was created. */
  memberId: string;
  run<Input, Outcome>(command: Command<Input, Outcome>, input: Input, call?: IdempotentCall): Promise<Outcome>;
}

/** A separate database with people and organizations for a test. */
export class World {
  readonly clock = new FakeClock();
  readonly mailer = new FakeMailer();
  private people = 0;

  private constructor(
    readonly database: Database,
    readonly databaseUrl: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async create(options: DatabaseOptions = {}): Promise<World> {
    const { url, drop } = await cloneDatabase();
    // With partitions, statements name their organizations as on the nodes of a cluster.
    const partitioned = IS_PARTITIONED ? { isDistributed: false, hasDirectories: true } : {};
    return new World(await openDatabase(url, { ...partitioned, ...options }), url, drop);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.drop();
  }

  /** The services of another replica: on the same database, with a separate mutex. */
  replica(): Services {
    return {
      database: this.database,
      mutex: new KeyedMutex(),
      clock: this.clock,
      epochs: new Epochs(),
      notifier: { publish: () => undefined },
      creditAlerts: { checkSoon: () => undefined },
      retention: DEFAULT_RETENTION,
      integrations: { ...INTEGRATIONS, mailer: this.mailer },
    };
  }

  /** The context of one operation of this viewer. */
  context(viewer: Viewer, database = this.database): Context {
    const live = new Subscriptions(
      { database: this.database, clock: this.clock, epochs: new Epochs() },
      { subscribe: () => undefined },
      () => undefined,
    );
    live.close();
    const trust = { fromGateway: true, knowsSecret: true };
    const caller = { requestId: "r", viewer, expiresAt: null, idempotencyKey: null, ...trust, onStalled: null };
    return new Context({ services: { ...this.replica(), database }, live, operationDeadlineMs: PATIENCE_MS }, caller);
  }

  async person(name = `Person ${++this.people}`, verified = true): Promise<Actor> {
    const id = `sub-${++this.people}`;
    const email = `${id}@example.com`;
    const identity = { id, name, email, emailVerified: verified, identityAt: this.clock.now() };
    const person = await signIn(this.replica(), identity);
    return this.session({ ...person, email });
  }

  /** A person who acts through a separate replica. */
  session(person: Person & { email: string }): Actor {
    const services = this.replica();
    return {
      ...person,
      memberId: "",
      run: (command, input, call) => runCommand(services, person, command, input, call),
    };
  }

  /** An organization on a plan, with its owner. */
  async organization(planCode = "ADVANCED"): Promise<TestOrganization> {
    const owner = await this.person();
    const { organizationId } = await owner.run(commands.createOrganization, { name: "Acme" });
    if (planCode !== "STARTER") await owner.run(commands.changePlan, { organizationId, planCode });
    const organization = new TestOrganization(this, organizationId, owner);
    owner.memberId = await organization.memberIdOf(owner);
    return organization;
  }

  /** All rows of a query, for assertions. */
  query<Row>(text: string, ...values: unknown[]): Promise<Row[]> {
    return this.database.dataSource.query(text, values);
  }

  count(table: string): Promise<number> {
    return this.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`).then(([row]) => row?.n ?? -1);
  }
}

/** One organization of a test's world. */
export class TestOrganization {
  constructor(
    readonly world: World,
    readonly id: string,
    readonly owner: Actor,
  ) {}

  /** A person who was invited and joined. */
  async member(role: OrganizationRole, workspaceIds: readonly string[] = []): Promise<Actor> {
    const person = await this.world.person();
    const invitationId = await this.invite(person.email, role === "OWNER" ? "ADMIN" : role, workspaceIds);
    const { memberId } = await person.run(commands.acceptInvitation, { invitationId });
    const member = { ...person, memberId };
    if (role === "OWNER") await this.owner.run(commands.changeMemberRole, { organizationId: this.id, memberId, role });
    return member;
  }

  async invite(email: string, role: OrganizationRole, workspaceIds: readonly string[] = []): Promise<string> {
    const workspaces = workspaceIds.map((workspaceId) => ({ workspaceId }));
    const input = { organizationId: this.id, emails: [email], role, workspaces };
    const { invitationIds } = await this.owner.run(commands.inviteMembers, input);
    return invitationIds[0] ?? "";
  }

  async workspace(name: string): Promise<string> {
    const input = { organizationId: this.id, name, cloudProvider: "AWS" as const };
    return (await this.owner.run(commands.createWorkspace, input)).workspaceId;
  }

  async memberIdOf(person: { id: string }): Promise<string> {
    const text = "SELECT id FROM member WHERE organization_id = $1 AND user_id = $2";
    const [row] = await this.world.query<{ id: string }>(text, this.id, person.id);
    return row?.id ?? "";
  }

  async eventTypes(): Promise<string[]> {
    const text = "SELECT type FROM organization_event WHERE organization_id = $1 ORDER BY sequence";
    return (await this.world.query<{ type: string }>(text, this.id)).map(({ type }) => type);
  }
}

/** The outcome of a command: "ok", or the code of the refusal or denial. Other errors are thrown. */
export async function outcomeOf(running: Promise<unknown>): Promise<string> {
  try {
    await running;
    return "ok";
  } catch (error) {
    if (error instanceof Refused) return error.refusal.code;
    if (error instanceof Denied) return error.extensions.code;
    throw error;
  }
}
