import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { transformSync } from "@swc/core";
import type { Statement } from "../../../src/store/engine/statement";

const compilerOptions = require("../../../swc.config.js");
const SOURCES = path.join(__dirname, "../../../src");

/** A prepared statement of the service, and the file that declares it. */
export interface DeclaredStatement {
  file: string;
  name: string;
  text: string;
  /** As a distributed database gets it. */
  distributed: string;
}

/** All statements that the files below `src` declare, by name. */
export function declaredStatements(): DeclaredStatement[] {
  const found = new Map<string, DeclaredStatement>();
  for (const file of statementFiles()) collect(constantsOf(file), file, found);
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** A text of its own, or a function that makes the texts. */
const DECLARES = /\btext(,|:$|: )|= (located|onNodes|byLink)\(/m;

/** Files of the store, and others that declare statements. */
export function statementFiles(): string[] {
  return readdirSync(SOURCES, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".ts") && /\bname: ["`]/.test(read(file)) && DECLARES.test(read(file)))
    .sort();
}

const read = (file: string) => readFileSync(path.join(SOURCES, file), "utf8");

/** The values of a module's top-level constants. Most statements are not exported, so the module runs once more. */
function constantsOf(file: string): unknown[] {
  const source = read(file);
  const names = [...source.matchAll(/^const (\w+)/gm)].map(([, name]) => name);
  const { code } = transformSync(source, { ...compilerOptions, sourceMaps: false });
  const filename = path.join(SOURCES, file);
  const run = new Function("require", "exports", "__filename", `${code}\nreturn [exports, ${names.join(", ")}];`);
  return run(createRequire(filename), {}, filename);
}

function collect(value: unknown, file: string, found: Map<string, DeclaredStatement>): void {
  if (typeof value !== "object" || value === null) return;
  const { name, text, distributed = text } = value as Record<string, unknown>;
  if (typeof name === "string" && typeof text === "string" && typeof distributed === "string") {
    found.set(name, { file, name, text, distributed });
    collect((value as Statement).located?.statement, file, found);
  } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
    for (const part of Object.values(value)) collect(part, file, found);
}
