import DataLoader from "dataloader";
import { isIdentifier } from "../domain/identifier";
import { groupBy } from "../store/engine/group-by";
import type { TracedReader } from "../store/engine/statement";
import type { WorkspaceVisibility } from "../store/views/visibility";
import { traced } from "../tracing/span";

/** The state that all loaders of one operation share: the database, the viewer's visibility, and the current time. */
export interface LoaderContext {
  reader: TracedReader;
  visibility: WorkspaceVisibility;
  now: Date;
}

/** Loads one row by its id; null if the viewer may not see it. */
export type RowLoader<View> = DataLoader<string, View | null>;

/** Loads one list below one parent. */
export type ListLoader<Args, Result> = DataLoader<ListRequest<Args>, Result, string>;

interface ListRequest<Args> {
  parentId: string;
  args: Args;
}

/** Reads one batch. In a sampled trace the batch has a span, to which its statements belong. */
export function inBatch<Result>(
  context: LoaderContext,
  name: string,
  keys: readonly unknown[],
  read: (context: LoaderContext) => Promise<Result>,
): Promise<Result> {
  const { reader } = context;
  if (!reader.span) return read(context);
  return traced(reader.span, [`load ${name}`, "internal", { "loader.keys": keys.length }], (span) =>
    read({ ...context, reader: span ? reader.withSpan(span) : reader }),
  );
}

/** Reads rows by id in one statement. Ids of the wrong format are null without a read. */
export function byId<View>(
  context: LoaderContext,
  name: string,
  read: (context: LoaderContext, ids: readonly string[]) => Promise<View[]>,
  idOf: (view: View) => string,
  isId: (id: string) => boolean = isIdentifier,
): RowLoader<View> {
  return new DataLoader(async (ids) => {
    const valid = ids.map(canonical).filter(isId);
    const views = valid.length > 0 ? await inBatch(context, name, valid, (batch) => read(batch, valid)) : [];
    const found = new Map(views.map((view) => [idOf(view), view]));
    return ids.map((id) => found.get(canonical(id)) ?? null);
  });

  function canonical(id: string): string {
    return isId === isIdentifier ? id.toLowerCase() : id;
  }
}

/**
 * Reads lists below many parents: one statement for all requests with the same arguments, so that a page of parents
 * needs no more statements than one parent.
 */
export function byParent<Args, View, Result>(
  context: LoaderContext,
  name: string,
  read: (context: LoaderContext, parentIds: readonly string[], args: Args) => Promise<View[]>,
  parentOf: (view: View) => string,
  collect: (views: View[]) => Result,
): ListLoader<Args, Result> {
  return new DataLoader(
    async (requests) => {
      const groups = groupBy(requests, ({ args }) => JSON.stringify(args));
      const results = new Map<string, Result>();
      const readGroup = async (group: ListRequest<Args>[]) => {
        const [first] = group;
        if (!first) return;
        const parentIds = group.map(({ parentId }) => parentId);
        const rows = await inBatch(context, name, parentIds, (batch) => read(batch, parentIds, first.args));
        const views = groupBy(rows, parentOf);
        for (const request of group) results.set(keyOf(request), collect(views.get(request.parentId) ?? []));
      };
      await Promise.all([...groups.values()].map(readGroup));
      return requests.map((request) => results.get(keyOf(request)) ?? collect([]));
    },
    { cacheKeyFn: keyOf },
  );
}

/** Reads pages below many parents. */
export function pagesByParent<Args, View>(
  context: LoaderContext,
  name: string,
  read: (context: LoaderContext, parentIds: readonly string[], args: Args) => Promise<View[]>,
  parentOf: (view: View) => string,
): ListLoader<Args, View[]> {
  return byParent(context, name, read, parentOf, (views) => views);
}

/** Counts entries below many parents. */
export function totalsByParent<Args>(
  context: LoaderContext,
  name: string,
  read: (
    context: LoaderContext,
    parentIds: readonly string[],
    args: Args,
  ) => Promise<Array<{ parentId: string; total: number }>>,
): ListLoader<Args, number> {
  return byParent(
    context,
    name,
    read,
    ({ parentId }) => parentId,
    ([row]) => row?.total ?? 0,
  );
}

export function idOf({ id }: { id: string }): string {
  return id;
}

export function organizationOf({ organizationId }: { organizationId: string }): string {
  return organizationId;
}

function keyOf<Args>({ parentId, args }: ListRequest<Args>): string {
  return parentId + JSON.stringify(args);
}
