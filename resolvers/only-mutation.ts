import type { DryRunInput } from "../schema/inputs/dry-run";
import type { commands } from "../src/commands";

/** The members of DryRunInput are mutations, by name. */
export type DryRunName = keyof DryRunInput & keyof typeof commands;

/** The only mutation that the input of a dry run names; undefined if it names none or several. */
export function onlyMutation(mutation: DryRunInput): { name: DryRunName; input: object } | undefined {
  const named = Object.entries(mutation).filter(([, input]) => input != null);
  const [only, ...others] = named as Array<[DryRunName, object]>;
  return only && others.length === 0 ? { name: only[0], input: only[1] } : undefined;
}
