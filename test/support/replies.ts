export interface ReportedError {
  message: string;
  path?: string[];
  extensions: { code: string; mayHaveHappened?: boolean; retryAfterSeconds?: number };
}

export interface Reply {
  status: number;
  retryAfter: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the document
  data: any;
  error: ReportedError | undefined;
}

export const IN_DOUBT = {
  code: "UNAVAILABLE",
  mayHaveHappened: true,
  retryAfterSeconds: 5,
};
export const OUT = { code: "UNAVAILABLE", retryAfterSeconds: 5 };

export function expectDoubt({ status, retryAfter, error, data }: Reply): void {
  expect(error?.extensions).toEqual(IN_DOUBT);
  expect(error?.message).toMatch(/may have been saved.*Idempotency-Key/);
  expect({ status, retryAfter, data: data ?? null }).toEqual({ status: 503, retryAfter: "5", data: null });
}

export const CREATE =
  'mutation { createOrganization(input: { name: "Once" }) { ... on CreateOrganizationSuccess { organization { id } } } }';

/** Sends an operation over HTTP. For an event stream, returns its first message. */
export async function post(
  port: number,
  token: string,
  query: string,
  key?: string,
  path = "/graphql",
): Promise<Reply> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      ...(key !== undefined && { "idempotency-key": key }),
    },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  const body = JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text);
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, data: body.data, error: body.errors?.[0] };
}
