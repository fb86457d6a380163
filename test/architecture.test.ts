import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..");

/** From the ground up: a file imports only from its own level's place and from those below its number. */
const LEVELS: ReadonlyArray<readonly string[]> = [
  ["src/domain"],
  ["entities", "migrations", "src/config", "src/log.ts"],
  ["schema", "src/store", "src/integrations"],
  ["src/commands", "src/live", "src/loaders"],
  ["src/jobs", "src/context.ts"],
  ["resolvers"],
  ["src/server", "src/development"],
  ["src/open-key-wrapper.ts", "src/reach-database.ts"],
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
  const targets = [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)";|^import "([^"]+)";/gms)];
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

test("every file has its place in the levels", () => {
  expect(files.filter((file) => placeOf(file) === "")).toEqual([]);
});

test("nothing imports upwards, and places of one level do not see each other", () => {
  const upward = own.filter(({ place, target }) => {
    const other = placeOf(fileOf(target));
    return other !== place && levelOf(other) >= levelOf(place);
  });
  expect(upward).toEqual([]);
});

test("the domain imports nothing from outside, commands no graphql and no typeorm, resolvers no typeorm", () => {
  const banned = imports.filter(
    ({ place, target }) => BANNED[place]?.test(target) && !own.some((o) => o.target === target),
  );
  expect(banned).toEqual([]);
});

test("no file imports itself in a circle", () => {
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

test("the environment is read in main alone and understood in config alone", () => {
  const readers = files.filter((file) => /process\.env\b/.test(readFileSync(path.join(ROOT, file), "utf8")));
  expect(readers.sort()).toEqual(["src/cli/rotate-keys.ts", "src/cli/verify-audit-log.ts", "src/main.ts"]);
});
