import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildASTSchema, type GraphQLSchema, parse } from "graphql";

/** The changes between two versions of the schema that break clients, one sentence each. */
export async function breakingChanges(before: string, after: string): Promise<string[]> {
  const changes = await diff(schemaOf(before), schemaOf(after));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

function schemaOf(sdl: string): GraphQLSchema {
  return buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true });
}

/** `npm run schema:check`: compares the schema with the one of the commit in SCHEMA_BASE, by default HEAD. */
async function main(): Promise<void> {
  const base = process.env.SCHEMA_BASE || "HEAD";
  const file = "schema/organizations.graphql";
  const root = path.join(__dirname, "..");
  const before = execFileSync("git", ["show", `${base}:${file}`], { cwd: root, encoding: "utf8" });
  const breaking = await breakingChanges(before, readFileSync(path.join(root, file), "utf8"));
  for (const message of breaking) process.stderr.write(`breaks clients: ${message}\n`);
  if (breaking.length > 0) process.exit(1);
  process.stdout.write(`Nothing since ${base} breaks clients.\n`);
}

if (require.main === module) void main();
