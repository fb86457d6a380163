import { MAX_PAGE_SIZE } from "../store/page";
import { organizationsOfPerson, visibleOrganizations } from "../store/views/organizations";
import type { OrganizationView } from "../store/views/people";
import { byId, idOf, type LoaderContext, type RowLoader } from "./batch";

/** Organizations by id. */
export function loadOrganization(context: LoaderContext): RowLoader<OrganizationView> {
  return byId(
    context,
    "organization",
    ({ reader, visibility }, ids) => visibleOrganizations(reader, visibility, ids),
    idOf,
  );
}

/** Reads the first page of the viewer's organizations; empty for a service. */
export async function readMyOrganizations({ reader, visibility }: LoaderContext): Promise<OrganizationView[]> {
  if (visibility.userId === null) return [];
  const page = await organizationsOfPerson(reader, visibility.userId, { limit: MAX_PAGE_SIZE, after: null });
  return page.slice(0, MAX_PAGE_SIZE);
}
