import type { TypedDocumentNode } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { useApolloClient } from "@apollo/client/react";
import { useRef, useState } from "react";
import { texts } from "../texts/en";
import type { Problem, Refused } from "./outcome";
import { report } from "./toasts";
import { useIsShown } from "./use-is-shown";
import { wordsOf } from "./why";

/** The one field of a mutation's data: its result. */
type ResultOf<Data> = Data[keyof Data];
type Succeeded<Data> = Exclude<ResultOf<Data>, { __typename: "Refusal" }>;

/** How a mutation ended: with a result, or with the problem that prevented it. */
export type Attempt<Result> = { result: Result; problem: null } | { result: null; problem: Problem };

export interface Command<Data, Variables> {
  /** Sends the mutation, for callers that send several and handle each outcome. */
  attempt(variables: Variables): Promise<Attempt<Succeeded<Data>>>;
  /**
   * Sends the mutation. Returns its result, or null if it was refused or failed: `problem` then says why. If the
   * person has closed the form meanwhile, a toast says it.
   */
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
  options: { /** For mutations with secrets: nothing is cached. */ fetchPolicy?: "no-cache" } = {},
): Command<Data, Variables> {
  const client = useApolloClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const isShown = useIsShown();
  // By variables, because several mutations can be without an answer.
  const unanswered = useRef(new Map<string, string>());
  const attempt = async (variables: Variables): Promise<Attempt<Succeeded<Data>>> => {
    const text = JSON.stringify(variables);
    const key = unanswered.current.get(text) ?? crypto.randomUUID();
    unanswered.current.set(text, key);
    const context = { headers: { "idempotency-key": key } };
    try {
      const { data } = await client.mutate<Data, Record<string, unknown>>({
        mutation: document,
        variables,
        context,
        ...options,
      });
      unanswered.current.delete(text);
      const [result] = Object.values(data ?? {}) as Array<Succeeded<Data> | Refused>;
      if (!result) return { result: null, problem: { message: texts.notSentForSure } };
      return isRefused(result)
        ? { result: null, problem: { ...result, message: wordsOf(result) } }
        : { result: result as Succeeded<Data>, problem: null };
    } catch (error) {
      if (CombinedGraphQLErrors.is(error) && !mayHaveHappened(error)) unanswered.current.delete(text);
      return { result: null, problem: problemOf(error) };
    }
  };
  const send = async (variables: Variables) => {
    setSending(true);
    const outcome = await attempt(variables);
    setSending(false);
    setProblem(outcome.problem);
    if (outcome.problem && !isShown.current) report(outcome.problem);
    return outcome.result;
  };
  return { attempt, send, problem, isSending, clear: () => setProblem(null) };
}

/** The service does not know whether the change was saved. The same key finds out. */
function mayHaveHappened({ errors }: CombinedGraphQLErrors): boolean {
  return errors.some(({ extensions }) => extensions?.mayHaveHappened === true);
}

function isRefused(result: object): result is Refused {
  return "__typename" in result && result.__typename === "Refusal";
}

function problemOf(error: unknown): Problem {
  if (!CombinedGraphQLErrors.is(error)) return { message: texts.notSentForSure };
  if (mayHaveHappened(error)) return { message: texts.notSavedForSure };
  const [first] = error.errors;
  const { requestId: id, retryAfterSeconds } = first?.extensions ?? {};
  const message = first?.message ?? error.message;
  return {
    message: typeof id === "string" ? `${message} ${texts.requestId(id)}` : message,
    ...(typeof retryAfterSeconds === "number" && { retryAfterSeconds }),
  };
}
