import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { Log } from "../../src/log";
import { TestBrowser, type Window } from "./browser";
import type { DatabaseProxy } from "./database-proxy";
import { type Ask, RunningService } from "./service";

/** A busy machine may need a multiple of the usual second. */
const STEP_TIMEOUT_MS = 90_000;
const CONSOLE = { CONSOLE: "", SEED_DEMO: "false" };

/** A person of a console test, whose windows are signed in. */
export interface ConsolePerson {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  token: string;
  ask: Ask;
}

/** An organization of a console test, with its Owner. */
export interface ConsoleOrganization {
  id: string;
  name: string;
  owner: ConsolePerson;
}

/** One service and one browser for a file of console tests, with people and organizations. */
export class ConsoleWorld {
  private readonly windows: Window[] = [];

  private constructor(
    readonly service: RunningService,
    readonly browser: TestBrowser,
  ) {}

  /** `line` is a proxy between the browser and the service. */
  static async start(environment: Record<string, string> = {}, line?: DatabaseProxy, log?: Log): Promise<ConsoleWorld> {
    const service = await RunningService.start({ ...CONSOLE, ...environment }, {}, log);
    if (line) line.target = new URL(`http://127.0.0.1:${service.app.port}`);
    return new ConsoleWorld(service, await TestBrowser.start(line ? Number(line.port) : service.app.port));
  }

  /** Restarts the service on another port, to which `line` leads. */
  async restart(line: DatabaseProxy): Promise<void> {
    await this.service.restart(CONSOLE);
    line.target = new URL(`http://127.0.0.1:${this.service.app.port}`);
  }

  async stop(): Promise<void> {
    await this.browser.stop();
    await this.service.stop();
  }

  /** Closes the windows of a test. Returns the faults that they recorded. */
  async closeWindows(): Promise<string[]> {
    const faults = this.windows.flatMap((each) => each.faults);
    for (const each of this.windows.splice(0)) await each.close();
    return faults;
  }

  async person(
    name: string,
    { emailVerified = true, email = "", id = `test|${randomUUID()}` } = {},
  ): Promise<ConsolePerson> {
    const words =
      name
        .toLowerCase()
        .match(/[a-z]+/g)
        ?.slice(0, 2) ?? [];
    const address = email || `${[...words, randomUUID().slice(0, 8)].join(".")}@example.com`;
    const identity = { id, name, email: address, emailVerified };
    const token = await this.service.issuer.issue(identity);
    return { ...identity, token, ask: this.service.ask(token) };
  }

  async organization(
    name: string,
    { ownerName = `${name} Owner`, plan = "ADVANCED" } = {},
  ): Promise<ConsoleOrganization> {
    const owner = await this.person(ownerName);
    const { organization } = await run(owner, "createOrganization", { name }, "organization { id }");
    const id: string = organization.id;
    if (plan !== "STARTER") {
      await run(owner, "changePlan", { organizationId: id, planCode: plan }, "subscription { id }");
    }
    return { id, name, owner };
  }

  async workspace({ id: organizationId, owner }: ConsoleOrganization, name: string): Promise<string> {
    const input = { organizationId, name, cloudProvider: "AWS" };
    return (await run(owner, "createWorkspace", input, "workspace { id }")).workspace.id;
  }

  /** Invites an address. Returns the invitation's id. */
  async invite(organization: ConsoleOrganization, email: string, role: string, workspaces: object[] = []) {
    const input = { organizationId: organization.id, emails: [email], role, workspaces };
    const { invitations } = await run(organization.owner, "inviteMembers", input, "invitations { id }");
    return String(invitations[0].id);
  }

  /** A new person who was invited and joined. An Owner is invited as Admin first. */
  async member(organization: ConsoleOrganization, name: string, role: string, workspaces: object[] = []) {
    const person = await this.person(name);
    const invitationId = await this.invite(organization, person.email, role === "OWNER" ? "ADMIN" : role, workspaces);
    const { member } = await run(person, "acceptInvitation", { invitationId }, "member { id }");
    const memberId: string = member.id;
    if (role === "OWNER") await this.setRole(organization, memberId, role);
    return { ...person, memberId };
  }

  /** Starts a review of all members. Returns its id and the ids of its items, by name. */
  async review({
    id: organizationId,
    owner,
  }: ConsoleOrganization): Promise<{ id: string; items: Map<string, string> }> {
    const input = { organizationId, name: "Q1", dueAt: "2100-01-01T00:00:00Z" };
    const { review } = await run(owner, "startAccessReview", input, "review { id items { nodes { id userName } } }");
    const nodes: Array<{ id: string; userName: string }> = review.items.nodes;
    return { id: review.id, items: new Map(nodes.map(({ id, userName }) => [userName, id])) };
  }

  async setRole({ id: organizationId, owner }: ConsoleOrganization, memberId: string, role: string): Promise<void> {
    await run(owner, "changeMemberRole", { organizationId, memberId, role }, "member { id }");
  }

  /** Runs SQL, for states that no mutation can create during a test. */
  async sql(text: string, ...values: unknown[]): Promise<void> {
    const client = new Client({ connectionString: this.service.databaseUrl });
    await client.connect();
    await client.query(text, values).finally(() => client.end());
  }

  /** A window in which the person is signed in, at an address. Null: a window in which nobody is. */
  async window(person: ConsolePerson | null, path: string, options: Parameters<TestBrowser["window"]>[0] = {}) {
    const opened = await this.browser.window(options);
    this.windows.push(opened);
    // Below Jest's timeout, so that a failure names the step.
    opened.page.setDefaultTimeout(STEP_TIMEOUT_MS);
    if (person) await opened.page.addInitScript(signIn, await this.storedSession(person));
    await opened.page.goto(path);
    return opened;
  }

  /** The entry that the console's sign-in stores in the tab. */
  private async storedSession({ id: sub, name, email, emailVerified, token }: ConsolePerson) {
    const response = await fetch(`http://127.0.0.1:${this.service.app.port}/console/config.json`);
    const { issuer, clientId, scope } = (await response.json()) as { issuer: string; clientId: string; scope: string };
    const user = {
      ...{ access_token: token, id_token: token, token_type: "Bearer", scope },
      profile: { sub, name, email, email_verified: emailVerified },
      expires_at: Math.floor(Date.now() / 1000) + 3600,
    };
    return { key: `oidc.user:${issuer}:${clientId}`, value: JSON.stringify(user) };
  }
}

/** Runs a mutation. Fails unless it succeeds. */
export async function run(person: ConsolePerson, mutation: string, input: object, selection: string) {
  const type = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const { data, errors } = await person.ask(
    `mutation($input: ${type}Input!) { ${mutation}(input: $input) {
      __typename ... on ${type}Success { ${selection} } ... on Refusal { message }
    } }`,
    { input },
  );
  const result = data?.[mutation];
  if (result?.__typename !== `${type}Success`)
    throw new Error(`${mutation}: ${result?.message ?? errors?.[0]?.message}`);
  return result;
}

/** Runs in the page, before its scripts. Signs only new tabs in, so that a signed-out tab stays signed out. */
function signIn({ key, value }: { key: string; value: string }): void {
  if (sessionStorage.getItem("signed-in-by-test")) return;
  sessionStorage.setItem("signed-in-by-test", "true");
  sessionStorage.setItem(key, value);
}
