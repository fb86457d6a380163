import { type ClassType, createUnionType } from "type-graphql";
import { Refusal } from "../refusal";

/** The union that a mutation returns: its success or a Refusal. */
export function resultOf(mutation: string, success: ClassType<object>) {
  return createUnionType({
    name: `${mutation}Result`,
    description: `Result of ${mutation[0]?.toLowerCase()}${mutation.slice(1)}.`,
    types: () => [success, Refusal] as const,
  });
}
