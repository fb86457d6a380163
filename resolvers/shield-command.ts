import type { GraphQLResolveInfo } from "graphql";
import { commands } from "../src/commands";
import { assertKindOfViewer, type Requirement } from "../src/commands/runner/authorize";
import type { Command } from "../src/commands/runner/command";
import { hasResult } from "../src/commands/runner/idempotency";
import type { Context } from "../src/context";
import { assertPermission, assertWorkspacePermission } from "../src/domain/authorization";
import { notFound } from "../src/domain/denial";
import { readStoredResponse } from "../src/store/idempotency";
import { idempotentCall } from "./idempotent-call";
import { onlyMutation } from "./only-mutation";
import { type CommandInput, type Rule, toRule } from "./shield-rule";

type RequirementOf<Kind extends Requirement["of"]> = Extract<Requirement, { of: Kind }>;

/** The requirement of the command behind a mutation; undefined if there is no such command. */
export function requirementOf(mutation: string): Requirement | undefined {
  if (!Object.hasOwn(commands, mutation)) return undefined;
  return (commands[mutation as keyof typeof commands] as Pick<Command<never, unknown>, "requires">).requires;
}

/**
 * The rule of a mutation: its command's requirement, checked before the transaction. The runner checks it again under
 * the organization's lock.
 */
export function ruleForCommand(mutation: string): Rule | undefined {
  const requires = requirementOf(mutation);
  return (
    requires &&
    toRule(async (context, { args, info }) => {
      assertKindOfViewer(context.viewer, requires);
      try {
        await assertMayRun(context, requires, args.input ?? {});
      } catch (denial) {
        // A retry gets the stored response, even if the first run took away the viewer's right to repeat it.
        if (!(await hasStoredResponse(context, info))) throw denial;
      }
    })
  );
}

/** The rule of a dry run: that of its mutation. Without exactly one mutation, the resolver refuses it. */
export const ruleForDryRun: Rule = toRule(async (context, { args }) => {
  assertKindOfViewer(context.viewer, { of: "person" });
  const only = onlyMutation(args.mutation ?? {});
  const requires = only && requirementOf(only.name);
  if (requires) await assertMayRun(context, requires, only.input);
});

async function assertMayRun(context: Context, requires: Requirement, input: CommandInput): Promise<void> {
  if (requires.of === "member") await assertMayAsMember(context, requires, input);
  if (requires.of === "workspace") await assertMayInWorkspace(context, requires, input);
}

async function assertMayAsMember(
  { loaders }: Context,
  { permission, deletedToo }: RequirementOf<"member">,
  { organizationId, credentials }: CommandInput,
): Promise<void> {
  // Nobody sees a deleted organization, so only the runner can check who may restore it.
  if (deletedToo) return;
  const organization = await loaders.organization.load(organizationId ?? credentials?.organizationId ?? "");
  if (!organization?.viewerMember) throw notFound("organization");
  if (permission) assertPermission(organization.viewerMember.role, permission);
}

async function assertMayInWorkspace(
  { loaders }: Context,
  { permission }: RequirementOf<"workspace">,
  { organizationId = "", workspaceId = "" }: CommandInput,
): Promise<void> {
  const workspace = await loaders.workspace.load(workspaceId);
  if (workspace?.organizationId !== organizationId.toLowerCase()) throw notFound("workspace");
  assertWorkspacePermission(workspace.viewerRole, permission);
}

async function hasStoredResponse(context: Context, info: GraphQLResolveInfo): Promise<boolean> {
  const call = idempotentCall(context, info);
  const { database, clock } = context.services;
  return call !== undefined && hasResult(await readStoredResponse(database, call, clock.now()), call);
}
