import type { TypedDocumentNode } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { useApolloClient } from "@apollo/client/react";
import { useRef, useState } from "react";
import type { RefusalCode } from "../graph/generated/graphql";
import { texts } from "../texts/en";

/** Why a mutation had no effect. `code` and what follows are there if the service refused it. */
export interface Problem {
  message: string;
  code?: RefusalCode;
  path?: readonly string[] | null;
  limit?: { used: number; limit: number | null } | null;
  retryAfterSeconds?: number | null;
}

interface Refused extends Problem {
  __typename: "Refusal";
}

/** The one field of a mutation's data: its result. */
type ResultOf<Data> = Data[keyof Data];
type Succeeded<Data> = Exclude<ResultOf<Data>, { __typename: "Refusal" }>;

export interface Command<Data, Variables> {
  /** Sends the mutation. Returns its result, or null if it was refused or failed: `problem` then says why. */
  send(variables: Variables): Promise<Succeeded<Data> | null>;
  problem: Problem | null;
  isSending: boolean;
  clear(): void;
}

/**
 * A mutation that a form or a button sends. The same variables keep their Idempotency-Key until an answer comes, so that
 * sending them again after a lost answer takes effect once.
 */
export function useCommand<Data extends object, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
): Command<Data, Variables> {
  const client = useApolloClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const unanswered = useRef<{ variables: string; key: string } | null>(null);
  const send = async (variables: Variables) => {
    const text = JSON.stringify(variables);
    if (unanswered.current?.variables !== text) unanswered.current = { variables: text, key: crypto.randomUUID() };
    const context = { headers: { "idempotency-key": unanswered.current.key } };
    setSending(true);
    try {
      const { data } = await client.mutate<Data, Record<string, unknown>>({ mutation: document, variables, context });
      unanswered.current = null;
      const [result] = Object.values(data ?? {}) as Array<Succeeded<Data> | Refused>;
      const refusal = result && isRefused(result) ? result : null;
      setProblem(refusal);
      return refusal || !result ? null : (result as Succeeded<Data>);
    } catch (error) {
      if (CombinedGraphQLErrors.is(error)) unanswered.current = null;
      setProblem(problemOf(error));
      return null;
    } finally {
      setSending(false);
    }
  };
  return { send, problem, isSending, clear: () => setProblem(null) };
}

function isRefused(result: object): result is Refused {
  return "__typename" in result && result.__typename === "Refusal";
}

function problemOf(error: unknown): Problem {
  if (!CombinedGraphQLErrors.is(error)) return { message: texts.notSentForSure };
  const [first] = error.errors;
  const id = first?.extensions?.requestId;
  const message = first?.message ?? error.message;
  return { message: typeof id === "string" ? `${message} ${texts.requestId(id)}` : message };
}
