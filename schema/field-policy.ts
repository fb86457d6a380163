import { Extensions } from "type-graphql";
import type { OrganizationPermission } from "../src/domain/permission";
import type { ServiceScope } from "../src/domain/viewer";

/**
 * Who may use a root field: anyone, signed-in viewers, readers of entities (people, and services with entities:read),
 * or services with a scope. A mutation has its command's `requires` instead.
 */
export type Access = "anyone" | "signed-in" | "entity-reader" | { scope: ServiceScope };

/**
 * The policy of a field, for the guard, the printed schema and the document limits. It is stated at the field and
 * nowhere else.
 */
export interface FieldPolicy {
  access?: Access;
  /** The permission that the viewer's role needs in the organization of the field. */
  permission?: OrganizationPermission;
  /** The field changes something or calls another service: it must not be executed again after an error. */
  hasSideEffects?: boolean;
  /** For fields that do more than read an object, such as a call to AWS. An ordinary field costs 1. */
  cost?: number;
  /** Expected length of a list that has no `first` argument. */
  listSize?: number;
  /** For a page that is not a connection: the field with its items, and the largest `first`. */
  page?: { items: string; max: number };
}

/** States the policy of a field. It is kept in the field's extensions, which the printed schema does not have. */
export function FieldPolicy(policy: FieldPolicy): MethodDecorator & PropertyDecorator {
  return Extensions({ policy });
}

/** The policy of a field; empty for a field without one. */
export function policyOf(field: { extensions: object } | undefined): FieldPolicy {
  const { policy } = (field?.extensions ?? {}) as { policy?: FieldPolicy };
  return policy ?? {};
}
