import { randomUUID } from "node:crypto";
import type { App } from "../../src/app";
import type { DevelopmentIssuer } from "../../src/development/issuer/development-issuer";
import type { FakeMailer } from "./fake-mailer";

/** The replicas of one service. */
export interface Replicas {
  apps: readonly App[];
  issuer: DevelopmentIssuer;
  mailer: FakeMailer;
}

export interface TestPerson {
  id: string;
  email: string;
  name: string;
  token: string;
}

export function invite(id: string, email: string, role: string): string {
  return `mutation { inviteMembers(input: { organizationId: "${id}", emails: ["${email}"], role: ${role} })
    { ... on InviteMembersSuccess { invitations { id } } ... on Refusal { code } } }`;
}

export async function newPerson({ issuer }: Replicas): Promise<TestPerson> {
  const person = { id: `test|${randomUUID()}`, email: `${randomUUID()}@example.com`, name: "Somebody" };
  return { ...person, token: await issuer.issue({ ...person, emailVerified: true }) };
}

/** Lists the pairs of actual and expected values that differ. */
export function differences(pairs: Record<string, [unknown, unknown]>): string[] {
  return Object.entries(pairs).flatMap(([name, [seen, due]]) => (seen === due ? [] : [`${name}: ${seen}, not ${due}`]));
}
