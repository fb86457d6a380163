import type { App } from "../../src/app";
import type { Log } from "../../src/log";
import { AwsStandIn } from "./aws-stand-in";
import { organization } from "./live-organization";
import { aMoment } from "./moment";
import { type Ask, type Person, RunningService } from "./service";

/** A key as its owner enters it. */
export interface KeyInput {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | null;
  sessionTokenExpiresAt?: string;
  region?: string;
  inferenceProfile?: string;
}

/** An organization on a plan with own keys. */
export interface ByokOrganization {
  owner: Person;
  id: string;
  workspaceId: string;
}

interface Check {
  kind: string;
  modelId: string | null;
  ok: boolean;
  code: string | null;
  message: string | null;
}

/** The result of saving a key. Only the fields of one type are set. */
export interface Saved {
  __typename: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field
  byokConfig?: any;
  verification?: { ok: boolean; checks: Check[] };
  code?: string;
  path?: string[];
  message?: string;
}

const VERIFICATION = "verification { ok checks { kind modelId ok code message } }";
const SAVED = `__typename
  ... on SaveByokConfigSuccess { byokConfig { id accessKeyIdHint isTemporary region inferenceProfile status enabled
    fallback sessionTokenExpiresAt lastVerification { ok checkedAt } } }
  ... on ByokVerificationFailed { message ${VERIFICATION} } ... on Refusal { code path message }`;

/** The service beside an AWS stand-in, with the requests of the tests of own keys. */
export class ByokWorld {
  private constructor(
    readonly aws: AwsStandIn,
    readonly service: RunningService,
    readonly caller: Ask,
  ) {}

  static async start(environment: Record<string, string> = {}, log?: Log): Promise<ByokWorld> {
    const aws = await AwsStandIn.start();
    const service = await RunningService.start({ ...aws.environment, ...environment }, {}, log);
    return new ByokWorld(aws, service, await service.service("credentials:read"));
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.aws.stop();
  }

  async organization(): Promise<ByokOrganization> {
    const owner = await this.service.person("Olga");
    const id = await organization(owner);
    const { data } = await owner.ask(`{ organization(id: "${id}") { workspaces { nodes { id } } } }`);
    return { owner, id, workspaceId: data.organization.workspaces.nodes[0].id };
  }

  /** An organization whose key is saved already. */
  async configured(key: KeyInput = this.aws.key(), fallback = "DENY"): Promise<ByokOrganization> {
    const account = await this.organization();
    const { __typename } = await this.save(account, key, fallback);
    if (__typename !== "SaveByokConfigSuccess") throw new Error(`The key was answered ${__typename}.`);
    return account;
  }

  async save({ owner, id }: Pick<ByokOrganization, "owner" | "id">, key: KeyInput, fallback = "DENY"): Promise<Saved> {
    const { data, errors } = await owner.ask(
      `mutation($credentials: ByokCredentialsInput!, $fallback: ByokFallback!) {
        saveByokConfig(input: { credentials: $credentials, fallback: $fallback }) { ${SAVED} } }`,
      { credentials: { organizationId: id, region: "eu-central-1", ...key }, fallback },
    );
    return data?.saveByokConfig ?? { __typename: "Error", code: errors?.[0]?.extensions.code };
  }

  async tryOut({ owner, id }: Pick<ByokOrganization, "owner" | "id">, key: KeyInput): Promise<Saved> {
    const { data, errors } = await owner.ask(
      `mutation($input: ByokCredentialsInput!) { testByokCredentials(input: $input) { __typename
        ... on TestByokCredentialsSuccess { ${VERIFICATION} } ... on Refusal { code path message } } }`,
      { input: { organizationId: id, region: "eu-central-1", ...key } },
    );
    return data?.testByokCredentials ?? { __typename: "Error", code: errors?.[0]?.extensions.code };
  }

  /** The credentials of an LLM call in a workspace, or the code of the error. */
  async access(workspaceId: string, ask = this.caller) {
    const { data, errors } = await ask(`{ llmAccess(workspaceId: "${workspaceId}") { __typename
      ... on ByokLlmAccess { accessKeyId secretAccessKey sessionToken expiresAt region inferenceProfile fallback }
      ... on PlatformLlmAccess { reason creditsRemaining } ... on Refusal { code message retryAfterSeconds } } }`);
    return data?.llmAccess ?? errors?.[0]?.extensions.code;
  }

  async callerAt(app: App): Promise<Ask> {
    return this.service.ask(await this.service.issuer.issueForService("tester", ["credentials:read"]), app);
  }

  async report(workspaceId: string, code: string): Promise<string> {
    const { data } = await this.caller(
      `mutation($input: ReportByokFailureInput!) { reportByokFailure(input: $input) {
        ... on ReportByokFailureSuccess { status } } }`,
      { input: { workspaceId, code, message: "arn:aws:iam::1:user/x" } },
    );
    return data.reportByokFailure.status;
  }

  async status({ id }: Pick<ByokOrganization, "id">, person: Person): Promise<string> {
    return (await person.ask(`{ organization(id: "${id}") { byokStatus } }`)).data.organization.byokStatus;
  }

  /** Runs a mutation on an organization's key: `ok`, or the code of its refusal or error. */
  async change({ owner, id }: Pick<ByokOrganization, "owner" | "id">, name: string, rest = ""): Promise<string> {
    const { data, errors } = await owner.ask(
      `mutation { done: ${name}(input: { organizationId: "${id}" ${rest} }) { __typename ... on Refusal { code } } }`,
    );
    return errors?.[0]?.extensions.code ?? data.done.code ?? "ok";
  }

  async sql<Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> {
    return await this.service.app.services.database.dataSource.query(text, values);
  }

  async plan({ id }: Pick<ByokOrganization, "id">, code: string): Promise<void> {
    await this.sql("UPDATE organization_subscription SET plan_code = $2 WHERE organization_id = $1", id, code);
  }

  /** The events of the organization's key, oldest first. */
  async events({ id }: Pick<ByokOrganization, "id">): Promise<string[]> {
    const rows = await this.sql<{ type: string }>(
      "SELECT type FROM organization_event WHERE organization_id = $1 AND type LIKE 'byok.%' ORDER BY sequence",
      id,
    );
    return rows.map(({ type }) => type);
  }

  /** Waits for a number of mails to an address; returns their subjects. */
  async mailsTo({ email }: Person, count: number): Promise<string[]> {
    const mails = () => this.service.mailer.sent.filter(({ to }) => to === email).map(({ subject }) => subject);
    while (mails().length < count) await aMoment();
    return mails();
  }
}

/** The checks that failed, as `KIND CODE`. */
export function failing({ verification }: Saved): string[] {
  return (verification?.checks ?? []).filter(({ ok }) => !ok).map(({ kind, code }) => `${kind} ${code}`);
}
