import DataLoader from "dataloader";
import { isIdentifier } from "../domain/identifier";
import { groupBy } from "../store/engine/group-by";

/** Rows by one id each, batched; null where nothing is in sight. What has not the shape of an id is not asked for. */
export function byId<View>(
  read: (ids: readonly string[]) => Promise<View[]>,
  idOf: (view: View) => string,
  isId: (id: string) => boolean = isIdentifier,
): DataLoader<string, View | null> {
  return new DataLoader(async (ids) => {
    const askable = ids.map(canonical).filter(isId);
    const views = askable.length > 0 ? await read(askable) : [];
    const found = new Map(views.map((view) => [idOf(view), view]));
    return ids.map((id) => found.get(canonical(id)) ?? null);
  });

  function canonical(id: string): string {
    return isId === isIdentifier ? id.toLowerCase() : id;
  }
}

/** What a list is asked for below one parent. */
export interface ListRequest<Args> {
  parentId: string;
  args: Args;
}

/**
 * Lists below many parents: those asked for with the same arguments are read in one statement, so that a page of
 * parents costs no more statements than one parent.
 */
export function byParent<Args, View, Result>(
  read: (parentIds: readonly string[], args: Args) => Promise<View[]>,
  parentOf: (view: View) => string,
  collect: (views: View[]) => Result,
): DataLoader<ListRequest<Args>, Result, string> {
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

function keyOf<Args>({ parentId, args }: ListRequest<Args>): string {
  return parentId + JSON.stringify(args);
}
