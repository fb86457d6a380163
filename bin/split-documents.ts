import path from "node:path";
import { Kind, parse } from "graphql";

/** A file to write, or the text of an existing one. `file` is absolute. */
export interface TextFile {
  file: string;
  content: string;
}

const DOCUMENT = /^export const (\w+)Document = .*\n?/gm;

/**
 * Moves the documents of each .graphql file from the generated module to one of their own. A page's chunk then
 * carries the documents of that page, and the first load none of them. The generated module exports them again,
 * so that imports stay as they are.
 */
export function splitDocuments(generated: TextFile, operations: readonly TextFile[], sources: string): TextFile[] {
  const lines = new Map([...generated.content.matchAll(DOCUMENT)].map(([line, name = ""]) => [name, line.trim()]));
  const modules = operations.map((each) => {
    const place = path.relative(sources, each.file).replace(/\.graphql$/, "");
    const documents = operationNames(each.content).map((name) => {
      const line = lines.get(name);
      if (!lines.delete(name) || !line) throw new Error(`Nothing was generated for ${name} in ${place}.graphql.`);
      return line;
    });
    return { place, documents };
  });
  if (lines.size > 0) throw new Error(`These documents come from no file: ${[...lines.keys()].join(", ")}.`);
  const used = modules.filter(({ documents }) => documents.length > 0);
  const again = used.map(({ place }) => `export * from "./documents/${place}";\n`);
  const types = `${generated.content.replace(DOCUMENT, "").trimEnd()}\n\n${again.join("")}`;
  return [{ file: generated.file, content: types }, ...used.map((each) => documentModule(generated.file, each))];
}

function documentModule(generated: string, { place, documents }: { place: string; documents: string[] }): TextFile {
  const types = documents.flatMap((line) => /DocumentNode<(\w+), (\w+)>;$/.exec(line)?.slice(1) ?? []);
  const content = [
    "/* eslint-disable */",
    'import type { TypedDocumentNode as DocumentNode } from "@apollo/client";',
    `import type { ${types.join(", ")} } from "${"../".repeat(place.split("/").length)}graphql";`,
    "",
    ...documents,
    "",
  ].join("\n");
  return { file: path.join(path.dirname(generated), "documents", `${place}.ts`), content };
}

function operationNames(text: string): string[] {
  return parse(text).definitions.flatMap((each) =>
    each.kind === Kind.OPERATION_DEFINITION && each.name ? [each.name.value] : [],
  );
}
