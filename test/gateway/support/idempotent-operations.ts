import type { RunningService } from "../../support/service";

export type Data = Record<string, { code?: string; organization?: { id: string; name: string }; status?: string }>;
type Send = (query: string, headers?: Record<string, string>, variables?: object) => Promise<Data>;

/** Sends operations of a new person to a URL, and counts the organizations that they create. */
export async function senderTo(url: string, service: RunningService) {
  const { token, ask } = await service.person();
  await ask("{ viewer { id } }");
  const send: Send = async (query, headers = {}, variables = {}) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data: Data; errors?: unknown };
    expect(answer.errors).toBeUndefined();
    return answer.data;
  };
  const count = async () => {
    const { data } = await ask("{ viewer { memberships { id } } }");
    // The personal organization does not count.
    return data.viewer.memberships.length - 1;
  };
  return { send, count, ask };
}

export const RESULT = "{ ... on CreateOrganizationSuccess { organization { id name } } ... on Refusal { code } }";
export const create = (alias: string, name: string) =>
  `${alias}: createOrganization(input: { name: "${name}" }) ${RESULT}`;
export const key = (value: string) => ({ "idempotency-key": value });
export const idOf = (data: Data, alias: string) => data[alias]?.organization?.id;
