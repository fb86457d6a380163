import { ApolloLink } from "@apollo/client";
import { ServerError } from "@apollo/client/errors";
import { RetryLink } from "@apollo/client/link/retry";
import { type GraphQLFormattedError, OperationTypeNode } from "graphql";
import { catchError, from, mergeMap, of, throwError } from "rxjs";
import { Renewals, type Tokens } from "./tokens";

/** Adds the bearer token. If the service refuses it, the operation is sent once more with a new one. */
export function authLink(tokens: Tokens): ApolloLink {
  const renewals = new Renewals(tokens);
  return new ApolloLink((operation, forward) => {
    const send = () => from(withToken(operation, tokens)).pipe(mergeMap(() => forward(operation)));
    const resend = async () => ((await renewals.replace(tokenOf(operation))) ? send() : null);
    return send().pipe(
      mergeMap((result) => {
        if (!isRefused(result.errors)) return of(result);
        return from(resend()).pipe(mergeMap((again) => again ?? of(result)));
      }),
      catchError((error: unknown) => {
        if (!ServerError.is(error) || error.statusCode !== 401) return throwError(() => error);
        return from(resend()).pipe(mergeMap((again) => again ?? throwError(() => error)));
      }),
    );
  });
}

async function withToken(operation: ApolloLink.Operation, tokens: Tokens): Promise<void> {
  const token = await tokens.current();
  operation.setContext(({ headers }) => ({
    token,
    headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
  }));
}

function tokenOf(operation: ApolloLink.Operation): string | null {
  return operation.getContext().token ?? null;
}

function isRefused(errors: readonly GraphQLFormattedError[] | undefined): boolean {
  return errors?.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED") ?? false;
}

/** Adds one idempotency key per mutation. Retries reuse it, so the mutation takes effect once. */
export function idempotencyLink(): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (operation.operationType === OperationTypeNode.MUTATION) {
      const key = crypto.randomUUID();
      operation.setContext(({ headers }: { headers?: object }) => ({
        headers: { "idempotency-key": key, ...headers },
      }));
    }
    return forward(operation);
  });
}

/** Retries after network failures and HTTP 5xx for about half a minute, not after GraphQL errors. */
export function retryLink(): ApolloLink {
  const retryIf = (error: unknown) => !ServerError.is(error) || error.statusCode >= 500;
  return new RetryLink({ delay: { initial: 200, max: 5_000, jitter: true }, attempts: { max: 10, retryIf } });
}

/** Sends subscriptions to `live` and all other operations to `others`. */
export function splitLive(live: ApolloLink, others: ApolloLink): ApolloLink {
  return ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, live, others);
}
