/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query MyOrganizations {\n  viewer {\n    id\n    name\n    memberships {\n      id\n      role\n      organization {\n        id\n        name\n      }\n    }\n  }\n}\n\nquery MembersPage($organizationId: ID!, $first: Int, $after: String) {\n  organization(id: $organizationId) {\n    id\n    name\n    members(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          role\n          user {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n\nmutation CreateOrganization($input: CreateOrganizationInput!) {\n  createOrganization(input: $input) {\n    ... on CreateOrganizationSuccess {\n      organization {\n        id\n        name\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nmutation RenameOrganization($input: UpdateOrganizationInput!) {\n  updateOrganization(input: $input) {\n    ... on UpdateOrganizationSuccess {\n      organization {\n        id\n        name\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nmutation ChangeRole($input: ChangeMemberRoleInput!) {\n  changeMemberRole(input: $input) {\n    ... on ChangeMemberRoleSuccess {\n      member {\n        id\n        role\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nsubscription MembershipChanges($organizationId: ID!, $after: String) {\n  membershipChanged(organizationId: $organizationId, after: $after) {\n    cursor\n    change\n    memberId\n    member {\n      id\n      role\n      user {\n        id\n        name\n      }\n    }\n  }\n}\n\nfragment RefusalParts on Refusal {\n  code\n  message\n  path\n}\n": typeof types.MyOrganizationsDocument,
};
const documents: Documents = {
    "query MyOrganizations {\n  viewer {\n    id\n    name\n    memberships {\n      id\n      role\n      organization {\n        id\n        name\n      }\n    }\n  }\n}\n\nquery MembersPage($organizationId: ID!, $first: Int, $after: String) {\n  organization(id: $organizationId) {\n    id\n    name\n    members(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          role\n          user {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n\nmutation CreateOrganization($input: CreateOrganizationInput!) {\n  createOrganization(input: $input) {\n    ... on CreateOrganizationSuccess {\n      organization {\n        id\n        name\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nmutation RenameOrganization($input: UpdateOrganizationInput!) {\n  updateOrganization(input: $input) {\n    ... on UpdateOrganizationSuccess {\n      organization {\n        id\n        name\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nmutation ChangeRole($input: ChangeMemberRoleInput!) {\n  changeMemberRole(input: $input) {\n    ... on ChangeMemberRoleSuccess {\n      member {\n        id\n        role\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nsubscription MembershipChanges($organizationId: ID!, $after: String) {\n  membershipChanged(organizationId: $organizationId, after: $after) {\n    cursor\n    change\n    memberId\n    member {\n      id\n      role\n      user {\n        id\n        name\n      }\n    }\n  }\n}\n\nfragment RefusalParts on Refusal {\n  code\n  message\n  path\n}\n": types.MyOrganizationsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query MyOrganizations {\n  viewer {\n    id\n    name\n    memberships {\n      id\n      role\n      organization {\n        id\n        name\n      }\n    }\n  }\n}\n\nquery MembersPage($organizationId: ID!, $first: Int, $after: String) {\n  organization(id: $organizationId) {\n    id\n    name\n    members(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          role\n          user {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n\nmutation CreateOrganization($input: CreateOrganizationInput!) {\n  createOrganization(input: $input) {\n    ... on CreateOrganizationSuccess {\n      organization {\n        id\n        name\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nmutation RenameOrganization($input: UpdateOrganizationInput!) {\n  updateOrganization(input: $input) {\n    ... on UpdateOrganizationSuccess {\n      organization {\n        id\n        name\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nmutation ChangeRole($input: ChangeMemberRoleInput!) {\n  changeMemberRole(input: $input) {\n    ... on ChangeMemberRoleSuccess {\n      member {\n        id\n        role\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nsubscription MembershipChanges($organizationId: ID!, $after: String) {\n  membershipChanged(organizationId: $organizationId, after: $after) {\n    cursor\n    change\n    memberId\n    member {\n      id\n      role\n      user {\n        id\n        name\n      }\n    }\n  }\n}\n\nfragment RefusalParts on Refusal {\n  code\n  message\n  path\n}\n"): (typeof documents)["query MyOrganizations {\n  viewer {\n    id\n    name\n    memberships {\n      id\n      role\n      organization {\n        id\n        name\n      }\n    }\n  }\n}\n\nquery MembersPage($organizationId: ID!, $first: Int, $after: String) {\n  organization(id: $organizationId) {\n    id\n    name\n    members(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          role\n          user {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n\nmutation CreateOrganization($input: CreateOrganizationInput!) {\n  createOrganization(input: $input) {\n    ... on CreateOrganizationSuccess {\n      organization {\n        id\n        name\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nmutation RenameOrganization($input: UpdateOrganizationInput!) {\n  updateOrganization(input: $input) {\n    ... on UpdateOrganizationSuccess {\n      organization {\n        id\n        name\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nmutation ChangeRole($input: ChangeMemberRoleInput!) {\n  changeMemberRole(input: $input) {\n    ... on ChangeMemberRoleSuccess {\n      member {\n        id\n        role\n      }\n    }\n    ...RefusalParts\n  }\n}\n\nsubscription MembershipChanges($organizationId: ID!, $after: String) {\n  membershipChanged(organizationId: $organizationId, after: $after) {\n    cursor\n    change\n    memberId\n    member {\n      id\n      role\n      user {\n        id\n        name\n      }\n    }\n  }\n}\n\nfragment RefusalParts on Refusal {\n  code\n  message\n  path\n}\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;