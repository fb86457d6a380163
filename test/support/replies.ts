export interface ReportedError {
  message: string;
  path?: string[];
  extensions: { code: string; mayHaveHappened?: boolean; retryAfterSeconds?: number };
}

export interface Reply {
  status: number;
  retryAfter: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into whatever its own document asked for
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
