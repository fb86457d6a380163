import DataLoader from "dataloader";
import { isIdentifier } from "../domain/identifier";
import { groupBy } from "../store/engine/group-by";
import type { Reader } from "../store/engine/statement";
import type { WorkspaceVisibility } from "../store/views/visibility";

/** What all loaders of one operation share: the database, what the viewer may read, and the current time. */
export interface LoaderContext {
  reader: Reader;
  visibility: WorkspaceVisibility;
  now: Date;
}

/** Loads one row by its id; null where the viewer sees none. */
export type RowLoader<View> = DataLoader<string, View | null>;

/** Loads one list below one parent. */
export type ListLoader<Args, Result> = DataLoader<ListRequest<Args>, Result, string>;

interface ListRequest<Args> {
  parentId: string;
  args: Args;
}

/** Reads rows by id in one statement. Ids of the wrong format are null without a read. */
export function byId<View>(
  read: (ids: readonly string[]) => Promise<View[]>,
  idOf: (view: View) => string,
  isId: (id: string) => boolean = isIdentifier,
): RowLoader<View> {
  return new DataLoader(async (ids) => {
    const valid = ids.map(canonical).filter(isId);
    const views = valid.length > 0 ? await read(valid) : [];
    const found = new Map(views.map((view) => [idOf(view), view]));
    return ids.map((id) => found.get(canonical(id)) ?? null);
  });

  function canonical(id: string): string {
    return isId === isIdentifier ? id.toLowerCase() : id;
  }
}

/**
 * Reads lists below many parents: one statement for all requests with the same arguments, so that a page of parents
 * costs no more statements than one parent.
 */
export function byParent<Args, View, Result>(
  read: (parentIds: readonly string[], args: Args) => Promise<View[]>,
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
        const views = groupBy(await read(parentIds, first.args), parentOf);
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
  read: (parentIds: readonly string[], args: Args) => Promise<View[]>,
  parentOf: (view: View) => string,
): ListLoader<Args, View[]> {
  return byParent(read, parentOf, (views) => views);
}

/** Counts entries below many parents. */
export function totalsByParent<Args>(
  read: (parentIds: readonly string[], args: Args) => Promise<Array<{ parentId: string; total: number }>>,
): ListLoader<Args, number> {
  return byParent(
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
