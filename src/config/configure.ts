import { type Config, readConfig, type Variables } from "./config";
import { describeMisspelled, misspelledVariables } from "./misspelled-variables";

/**
 * The configuration of a process that an operator started. Names, on the error output, the variables that look like
 * ours and are none: before anything else, because they explain why a variable is then missing.
 */
export function configure(variables: Variables): Config {
  for (const slip of misspelledVariables(variables)) process.stderr.write(`Warning: ${describeMisspelled(slip)}\n`);
  return readConfig(variables);
}
