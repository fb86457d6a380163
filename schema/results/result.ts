import { type ClassType, createUnionType } from "type-graphql";
import { Refusal } from "../refusal";

/** The union that a mutation answers with: its success, or the domain's refusal. */
export function resultOf(mutation: string, success: ClassType<object>) {
  return createUnionType({
    name: `${mutation}Result`,
    types: () => [success, Refusal] as const,
  });
}
