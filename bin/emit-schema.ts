import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSubgraph } from "../src/server/graphql/schema";

/** Writes the subgraph's SDL to schema/organizations.graphql; with --check, fails if the file is stale. */
const file = path.join(__dirname, "..", "schema", "organizations.graphql");
const { sdl } = buildSubgraph();
if (!process.argv.includes("--check")) {
  writeFileSync(file, sdl);
} else if (readFileSync(file, "utf8") !== sdl) {
  process.stderr.write("schema/organizations.graphql is stale: run npm run schema:emit and review the difference.\n");
  process.exitCode = 1;
}
