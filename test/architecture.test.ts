import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { declaredNames, sourceFiles, wordsOf } from "./support/identifiers";

const ROOT = path.join(__dirname, "..");

/** The levels, lowest first. A file imports from its own place and from lower levels only. */
const LEVELS: ReadonlyArray<readonly string[]> = [
  ["src/domain"],
  ["entities", "migrations", "src/config", "src/log.ts", "src/process-metrics.ts"],
  ["src/tracing"],
  ["schema", "src/store", "src/integrations"],
  ["src/commands", "src/live", "src/loaders"],
  ["src/jobs", "src/context.ts"],
  ["resolvers"],
  ["src/server", "src/development"],
  ["src/open-key-wrapper.ts", "src/open-notifier.ts", "src/open-tracing.ts", "src/reach-database.ts"],
  ["src/open-integrations.ts", "src/open-store.ts"],
  ["src/app.ts"],
  ["src/main.ts", "src/cli"],
];

const BANNED: Readonly<Record<string, RegExp>> = {
  "src/domain": /^[^.]/,
  "src/commands": /^(graphql|typeorm|type-graphql)$/,
  "src/loaders": /^(graphql|typeorm|type-graphql)$/,
  "src/live": /^(graphql|typeorm|type-graphql)$/,
  resolvers: /^typeorm$/,
};

/** Words of the glossary's "Replace" table, as they read in identifiers and file names, split into words. */
const REPLACED = [
  ...["sight", "taker", "carrier", "wake ups?", "open scope", "outside", "facts", "standing", "happening"],
  ...["stretch", "excerpt", "doors?", "cast", "stage", "scene", "wish", "owe", "pay wish", "to be paid"],
  ...["provider word", "alert credits"],
  ...["tell provider", "alone with provider", "provider busy", "named (member|invitation|byok config)"],
  ...["answered invitation", "judge byok", "(note|count) (failing|rejected|rejection)", "on own key", "on platform"],
  ...["without session", "instead of key", "spending watch", "alert spenders", "live grants( of)?"],
];
/** Words that tests use in another sense. */
const REPLACED_IN_CODE = ["watchers?", "gateways"];

interface Import {
  file: string;
  target: string;
  place: string;
}

const files = ["src", "schema", "resolvers", "entities", "migrations"].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true })
    .map((file) => path.join(folder, String(file)))
    .filter((file) => file.endsWith(".ts")),
);
const places = LEVELS.flat();
const placeOf = (file: string) => places.find((place) => file === place || file.startsWith(`${place}/`)) ?? "";
const levelOf = (place: string) => LEVELS.findIndex((level) => level.includes(place));
const importsOf = (file: string): Import[] => {
  const text = readFileSync(path.join(ROOT, file), "utf8");
  const targets = [
    ...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)";|\b(?:import |import\(|require\()"([^"]+)"/gms),
  ];
  return targets.map(([, named, bare]) => {
    const target = named ?? bare ?? "";
    const resolved = target.startsWith(".") ? path.join(path.dirname(file), target) : target;
    return { file, target: resolved, place: placeOf(file) };
  });
};
const imports = files.flatMap(importsOf);
const own = imports.filter(({ target }) => /^(src|schema|resolvers|entities|migrations)\//.test(target));
const fileOf = (target: string) =>
  [`${target}.ts`, `${target}/index.ts`, target].find((candidate) => files.includes(candidate)) ?? target;

test("every file belongs to a level", () => {
  expect(files.filter((file) => placeOf(file) === "")).toEqual([]);
});

test("no file imports from a higher level, or from another place on its own level", () => {
  const upward = own.filter(({ place, target }) => {
    const other = placeOf(fileOf(target));
    return other !== place && levelOf(other) >= levelOf(place);
  });
  expect(upward).toEqual([]);
});

test("the domain imports no packages, commands import neither graphql nor typeorm, and resolvers no typeorm", () => {
  const banned = imports.filter(
    ({ place, target }) => BANNED[place]?.test(target) && !own.some((o) => o.target === target),
  );
  expect(banned).toEqual([]);
});

test("the console imports only its own folder and packages", () => {
  const sources = readdirSync(path.join(ROOT, "web/src"), { recursive: true })
    .map((file) => path.join("web/src", String(file)))
    .filter((file) => /\.tsx?$/.test(file));
  const targets = sources.flatMap(importsOf).filter(({ target }) => !target.startsWith("web/src/"));
  const packages = Object.keys(JSON.parse(readFileSync(path.join(ROOT, "web/package.json"), "utf8")).dependencies);
  const foreign = targets.filter(({ target }) => !packages.some((name) => `${target}/`.startsWith(`${name}/`)));
  expect(sources.length).toBeGreaterThan(20);
  expect(foreign).toEqual([]);
});

test("there are no circular imports", () => {
  const graph = new Map(files.map((file) => [file, own.filter((i) => i.file === file).map((i) => fileOf(i.target))]));
  const state = new Map<string, "open" | "done">();
  const circles: string[][] = [];
  const visit = (file: string, trail: string[]) => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      circles.push([...trail.slice(trail.indexOf(file)), file]);
      return;
    }
    state.set(file, "open");
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("only the entry points read process.env", () => {
  const readers = files.filter((file) => /process\.env\b/.test(readFileSync(path.join(ROOT, file), "utf8")));
  expect(readers.filter((file) => !file.startsWith("src/cli/"))).toEqual(["src/main.ts"]);
});

/** The declared names, and the path, of a file that contain one of the words. */
function namesWith(words: readonly string[], folders: readonly string[]): string[] {
  const pattern = new RegExp(`(^| )(${words.join("|")})( |$)`);
  return sourceFiles(ROOT, folders).flatMap((file) =>
    [...declaredNames(ROOT, file), file.replace(/\.(tsx?|js)$/, "")]
      .filter((name) => pattern.test(wordsOf(name)))
      .map((name) => `${file}: ${name}`),
  );
}

test("no identifier and no file name uses a word that the glossary replaces", () => {
  const code = ["src", "resolvers", "schema", "entities"];
  expect(namesWith(REPLACED, [...code, "test", "bench", "examples", "bin", "web/src"])).toEqual([]);
  expect(namesWith(REPLACED_IN_CODE, code)).toEqual([]);
});

test("every statement that reads workspace grants leaves out those that have ended", () => {
  const read = /(?:FROM|JOIN) (?:workspace_assignment|invitation_workspace)\b(?: (?!WHERE)([a-z]))?/g;
  // Migrations and the recount include ended grants.
  const readers = files.filter((file) => !file.startsWith("migrations/") && file !== "src/store/recount.ts");
  const unlimited = readers.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    return [...text.matchAll(read)].flatMap(({ index, 1: alias }) => {
      const statement = text.slice(index, text.indexOf("`", index));
      const conditions = [`isActiveGrant("${alias}"`, `${alias}.expires_at <= $`, "expires_at <= $", "IS_DUE}"];
      const isDeletion = /DELETE $/.test(text.slice(0, index));
      return isDeletion || conditions.some((each) => statement.includes(each)) ? [] : [`${file}: ${statement}`];
    });
  });
  expect(unlimited).toEqual([]);
});

test("no file is longer than 220 lines, except generated ones and migrations, which never change", () => {
  const folders = ["src", "schema", "resolvers", "entities", "test", "bench", "examples"];
  const tooLong = sourceFiles(ROOT, folders).flatMap((file) => {
    const lines = readFileSync(path.join(ROOT, file), "utf8").trimEnd().split("\n").length;
    return lines > 220 ? [`${file}: ${lines} lines`] : [];
  });
  expect(tooLong).toEqual([]);
});

test("decision records have numbers of their own, which their titles repeat", () => {
  const folder = path.join(ROOT, "docs", "decisions");
  const records = readdirSync(folder).sort();
  const titles = records.map((name) => readFileSync(path.join(folder, name), "utf8").split("\n")[0]);
  expect(records.map((name) => Number(name.slice(0, 4)))).toEqual(records.map((_, index) => index + 1));
  expect(titles.map((title) => Number(/^# (\d+)\. /.exec(title ?? "")?.[1]))).toEqual(records.map((_, n) => n + 1));
});
