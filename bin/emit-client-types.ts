import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import { buildASTSchema, type DocumentNode, Kind, parse, print, separateOperations } from "graphql";
import { createCache } from "../web/src/graph/cache";

/**
 * Generates the types of the clients' operations with GraphQL Code Generator's client preset, and the file of
 * their documents for TRUSTED_DOCUMENTS.
 */
const root = path.join(__dirname, "..");
const sources = path.join(root, "web", "src");
const folder = path.join(sources, "graph");

async function clientTypes(): Promise<Array<{ file: string; content: string }>> {
  const schema = withoutLinks(parse(readFileSync(path.join(root, "schema/organizations.graphql"), "utf8")));
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: `${path.join(folder, "generated")}/`,
    schema,
    schemaAst: buildASTSchema(schema, { assumeValid: true, assumeValidSDL: true }),
    documents: operationFiles().map(({ file, text }) => ({ location: file, rawSDL: text, document: parse(text) })),
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      nonOptionalTypename: true,
      skipTypeNameForRoot: true,
      scalars: { DateTime: "string", EmailAddress: "string" },
    },
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
  });
  return await Promise.all(
    sections.map(async (section) => ({ file: section.filename, content: await codegen(section) })),
  );
}

/** The operations stand beside the components that use them. */
function operationFiles(): Array<{ file: string; text: string }> {
  const entries = readdirSync(sources, { recursive: true }).map(String).sort();
  return entries
    .filter((entry) => entry.endsWith(".graphql"))
    .map((entry) => ({ file: path.join(sources, entry), text: readFileSync(path.join(sources, entry), "utf8") }));
}

/** The documents as Apollo Client sends them: its cache adds `__typename` to every selection. */
function trustedDocuments(): { file: string; content: string } {
  const cache = createCache();
  const operations = parse(
    operationFiles()
      .map(({ text }) => text)
      .join("\n"),
  );
  const texts = Object.values(separateOperations(operations)).map((each) => print(cache.transformDocument(each)));
  const listed = Object.fromEntries(texts.map((text) => [createHash("sha256").update(text).digest("hex"), text]));
  const file = path.join(folder, "generated", "trusted-documents.json");
  return { file, content: `${JSON.stringify(listed, null, 2)}\n` };
}

/** Removes federation's @link, which clients do not know. */
function withoutLinks(document: DocumentNode): DocumentNode {
  return { ...document, definitions: document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION) };
}

/** With --check, writes nothing and fails if the files are stale. */
async function main(): Promise<void> {
  for (const { file, content } of [...(await clientTypes()), trustedDocuments()]) {
    if (!process.argv.includes("--check")) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    } else if (readFileSync(file, "utf8") !== content) {
      process.stderr.write(`${path.relative(root, file)} is stale: run npm run clients:emit.\n`);
      process.exitCode = 1;
    }
  }
}

void main();
