import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
  visit,
} from "graphql";
import { OPEN_QUERIES, SERVICE_QUERIES } from "../../../resolvers/shield";
import { commands } from "../../commands";
import type { Command } from "../../commands/runner/command";
import { MAX_PENDING_PER_ADDRESS } from "../../domain/invitation";

/** How long the lists are expected to be that cannot be sliced; what a document may cost is reckoned by it. */
const ASSUMED_SIZES: Record<string, number> = {
  "InviteMembersSuccess.invitations": 10,
  "InviteMembersSuccess.skipped": 10,
  "Invitation.workspaceGrants": 10,
  "Member.workspaceAccess": 10,
  "OrganizationSubscription.planOptions": 5,
  "PlanOption.blockers": 3,
  "Query.organizationPermissions": 100,
  "Query.plans": 5,
  "Query.workspacePermissions": 100,
  "RecordUsageSuccess.rejected": 100,
  "ByokVerification.checks": 5,
  "Usage.byWorkspace": 50,
  "Usage.trend": 100,
  // What people have; where somebody has more, it is a page (LARGEST_PAGE) at most.
  "User.memberships": 20,
  "User.receivedInvitations": MAX_PENDING_PER_ADDRESS,
};

/** What does more than read an object: it calls AWS several times, or the payment provider, or sends mail. */
const COSTS: Record<string, number> = {
  "Mutation.inviteMembers": 500,
  "Mutation.resendInvitation": 100,
  "Mutation.testByokCredentials": 25_000,
  "Mutation.saveByokConfig": 25_000,
  "Mutation.verifyByokConfig": 25_000,
  "Mutation.openBillingPortal": 12_500,
  "Mutation.changePlan": 12_500,
  "Mutation.recordUsage": 1_000,
  "Query.llmAccess": 1_000,
  "Usage.trend": 100,
  "Usage.byWorkspace": 100,
};

/**
 * Says in the schema what a gateway may enforce before it asks: who has to sign in, which scope a service needs, how
 * long lists are, and what costs more than they tell. Derived from the commands and the door, so that the two cannot differ. Throws at start-up where a
 * list has no expected size.
 */
export function annotateSchema(document: DocumentNode): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition: (type) => ({
      ...type,
      fields: type.fields?.map((field) => ({
        ...field,
        directives: [...(field.directives ?? []), ...annotations(type, field).map(directive)],
      })),
    }),
  });
}

function annotations(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): string[] {
  const cost = COSTS[`${type.name.value}.${field.name.value}`];
  const costs = cost === undefined ? [] : [`@cost(weight: ${cost})`];
  return [...authentication(type.name.value, field.name.value), ...costs, ...size(type, field)];
}

function authentication(type: string, field: string): string[] {
  const scope = type === "Query" && SERVICE_QUERIES[field as keyof typeof SERVICE_QUERIES];
  if (scope) return [`@requiresScopes(scopes: [["${scope}"]])`];
  if (type === "Query") return OPEN_QUERIES.includes(field) ? [] : ["@authenticated"];
  if (type === "Subscription") return ["@authenticated"];
  if (type !== "Mutation") return [];
  const { requires } = commands[field as keyof typeof commands] as Pick<Command<never, unknown>, "requires">;
  return [requires.of === "service" ? `@requiresScopes(scopes: [["${requires.unit}"]])` : "@authenticated"];
}

function size(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): string[] {
  if (field.arguments?.some(({ name }) => name.value === "first")) {
    return [
      '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
    ];
  }
  if (!isList(field.type) || type.name.value.endsWith("Connection")) return [];
  const name = `${type.name.value}.${field.name.value}`;
  const assumed = ASSUMED_SIZES[name];
  if (assumed !== undefined) return [`@listSize(assumedSize: ${assumed})`];
  if (PLAIN.has(itemOf(field.type))) return [];
  throw new Error(`${name} is a list without an expected size: add it to ASSUMED_SIZES.`);
}

const PLAIN = new Set(["String", "OrganizationPermission", "WorkspacePermission"]);

function isList(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
}

function itemOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : itemOf(type.type);
}

function directive(source: string): ConstDirectiveNode {
  const [definition] = parse(`type T ${source}`, { noLocation: true }).definitions as ObjectTypeDefinitionNode[];
  const [node] = definition?.directives ?? [];
  if (!node) throw new Error(`No directive: ${source}`);
  return node;
}
