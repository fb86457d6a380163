import { parse } from "graphql";
import type { OrganizationEvent } from "../../../entities/organization-event";
import { fieldChanges } from "../../../src/domain/field-changes";
import type { Viewer } from "../../../src/domain/viewer";
import { run } from "../../isolation/selections";
import type { World } from "../../support/world";

/** A person's mutation with its input. */
export interface Trial {
  viewer: Viewer;
  name: string;
  input: object;
}

const REFUSAL = "... on Refusal { code message path limit { used limit remaining } }";
const LIMITS = "memberLimit { used limit remaining } workspaceLimit { used limit remaining }";
const DRY_RUN = parse(`query ($mutation: DryRunInput!) { dryRun(mutation: $mutation) { __typename ${REFUSAL}
  ... on DryRunSuccess { effects { type summary subjectId workspaceId changes { field before after } }
    ${LIMITS} emails { to subject } charge { dueNowCents nextAmountCents nextChargeAt takesEffectAt } } } }`);
const READ = parse(`query ($id: ID!) { organization(id: $id) { ${LIMITS} } }`);

interface Refusal {
  code: string;
  message: string;
}

/** The end of a dry run or a mutation: a success, a refusal, or the codes and messages of errors. */
export interface Ended<Success> {
  success: Success | null;
  refusal: Refusal | null;
  errors: string[];
}

export interface Announced {
  effects: Array<{ type: string; summary: string; subjectId: string | null; workspaceId: string | null }>;
  memberLimit: object | null;
  workspaceLimit: object | null;
  emails: Array<{ to: string; subject: string }>;
  charge: object | null;
}

async function execute(world: World, viewer: Viewer, document: ReturnType<typeof parse>, variables: object) {
  const { data, errors = [] } = await run({ document, variables: { ...variables }, context: world.context(viewer) });
  // The result's objects have no prototype.
  const plain = JSON.parse(JSON.stringify(data ?? null));
  const codes = errors.map(({ message, extensions, originalError }) => {
    const { code } = (originalError as { extensions?: { code?: string } } | undefined)?.extensions ?? extensions;
    return `${code}: ${message}`;
  });
  return { data: plain, errors: codes };
}

function endedAs<Success>(result: ({ __typename: string } & object) | null, errors: string[]): Ended<Success> {
  if (!result) return { success: null, refusal: null, errors };
  const { __typename, ...rest } = result;
  if (__typename === "Refusal") return { success: null, refusal: rest as Refusal, errors };
  return { success: rest as Success, refusal: null, errors };
}

export async function tryDry(world: World, { viewer, name, input }: Trial): Promise<Ended<Announced>> {
  const { data, errors } = await execute(world, viewer, DRY_RUN, { mutation: { [name]: input } });
  return endedAs(data?.dryRun ?? null, errors);
}

export async function mutate(world: World, { viewer, name, input }: Trial): Promise<Ended<object>> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const document = parse(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename ${REFUSAL} } }`);
  const { data, errors } = await execute(world, viewer, document, { input });
  return endedAs(data?.[name] ?? null, errors);
}

/** The events of an organization after a sequence, in the form of a dry run's announcement. */
export async function effectsSince(world: World, organizationId: string, sequence: number): Promise<object[]> {
  const events = await world.query<OrganizationEvent>(
    `SELECT type, summary, subject_id AS "subjectId", workspace_id AS "workspaceId", data FROM organization_event
     WHERE organization_id::text = lower($1) AND sequence > $2 ORDER BY sequence`,
    ...[organizationId, sequence],
  );
  return events.map(({ type, summary, subjectId, workspaceId, data }) => {
    const isCreated = type.endsWith(".created");
    const ids = { subjectId: isCreated ? null : subjectId, workspaceId: isCreated ? null : workspaceId };
    return { type, summary, ...ids, changes: fieldChanges(type, data) };
  });
}

/** The newest sequence of an organization's log; 0 if it has none. */
export async function headOf(world: World, organizationId: string): Promise<number> {
  const text = "SELECT event_sequence AS head FROM organization WHERE id::text = lower($1)";
  const [row] = await world.query<{ head: number }>(text, organizationId);
  return row?.head ?? 0;
}

/** The limits that a person can read in an organization now. */
export async function limitsFor(world: World, viewer: Viewer, id: string) {
  const { data } = await execute(world, viewer, READ, { id });
  const { memberLimit = null, workspaceLimit = null } = data?.organization ?? {};
  return { memberLimit, workspaceLimit };
}

/** The addresses of the invitations whose mails are queued, in the order of the jobs after the first `skipped`. */
export async function invitedSince(world: World, skipped: number): Promise<string[]> {
  const rows = await world.query<{ email: string }>(
    `SELECT i.email FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     JOIN invitation i ON i.id = (j.payload ->> 'invitationId')::uuid
     WHERE t.identifier = 'send-invitation' ORDER BY j.id OFFSET $1`,
    skipped,
  );
  return rows.map(({ email }) => email);
}
