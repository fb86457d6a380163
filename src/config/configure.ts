import { type Config, readConfig, type Variables } from "./config";
import { describeMisspelled, misspelledVariables } from "./misspelled-variables";

/**
 * Reads the configuration of a process that an operator started. First prints a warning for each misspelled variable,
 * because that explains why another one is missing. Throws InvalidConfiguration.
 */
export function configure(variables: Variables): Config {
  for (const misspelled of misspelledVariables(variables))
    process.stderr.write(`Warning: ${describeMisspelled(misspelled)}\n`);
  return readConfig(variables);
}
