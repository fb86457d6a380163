import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import { buildASTSchema, type DocumentNode, Kind, parse, print, separateOperations } from "graphql";
import { createCache } from "../web/src/graph/cache";
import { splitDocuments, type TextFile } from "./split-documents";

/**
 * Generates the types of the clients' operations with GraphQL Code Generator's client preset, and the file of
 * their documents for TRUSTED_DOCUMENTS.
 */
const root = path.join(__dirname, "..");
const sources = path.join(root, "web", "src");
const folder = path.join(sources, "graph");

async function clientTypes(): Promise<TextFile[]> {
  const schema = withoutLinks(parse(readFileSync(path.join(root, "schema/organizations.graphql"), "utf8")));
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: `${path.join(folder, "generated")}/`,
    schema,
    schemaAst: buildASTSchema(schema, { assumeValid: true, assumeValidSDL: true }),
    documents: operationFiles().map(({ file, content }) => ({
      location: file,
      rawSDL: content,
      document: parse(content),
    })),
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
  // The preset's other modules serve the `graphql()` tag, which carries the text of every document.
  const section = sections.find(({ filename }) => path.basename(filename) === "graphql.ts");
  if (!section) throw new Error("The preset generates no graphql.ts.");
  const generated = { file: path.join(folder, "generated", "graphql.ts"), content: await codegen(section) };
  return splitDocuments(generated, operationFiles(), sources);
}

/** The operations stand beside the components that use them. */
function operationFiles(): TextFile[] {
  const entries = readdirSync(sources, { recursive: true }).map(String).sort();
  return entries
    .filter((entry) => entry.endsWith(".graphql"))
    .map((entry) => ({ file: path.join(sources, entry), content: readFileSync(path.join(sources, entry), "utf8") }));
}

/** The documents as Apollo Client sends them: its cache adds `__typename` to every selection. */
function trustedDocuments(): TextFile {
  const cache = createCache();
  const operations = parse(
    operationFiles()
      .map(({ content }) => content)
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

/** Generated files that no longer have a source. */
function leftOver(generated: readonly TextFile[]): string[] {
  const target = path.join(folder, "generated");
  return readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !generated.some((each) => each.file === file));
}

/** With --check, writes nothing and fails if the files are stale. */
async function main(): Promise<void> {
  const generated = [...(await clientTypes()), trustedDocuments()];
  const isCurrent = ({ file, content }: TextFile) => existsSync(file) && readFileSync(file, "utf8") === content;
  const stale = [...generated.filter((each) => !isCurrent(each)).map(({ file }) => file), ...leftOver(generated)];
  if (process.argv.includes("--check")) {
    for (const file of stale)
      process.stderr.write(`${path.relative(root, file)} is stale: run npm run clients:emit.\n`);
    if (stale.length > 0) process.exitCode = 1;
    return;
  }
  for (const file of leftOver(generated)) rmSync(file);
  for (const { file, content } of generated) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

void main();
