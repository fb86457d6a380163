import { auditPage } from "../../texts/en/audit";

/** The types of events for the filter, grouped by subject. The names of groups and types are in the texts. */
export const EVENT_GROUPS = auditPage.groups.map(({ id, name, types }) => ({
  id,
  name,
  types: Object.entries(types).map(([type, label]) => ({ type, label })),
}));

const LABELS = new Map(EVENT_GROUPS.flatMap(({ types }) => types.map(({ type, label }) => [type, label] as const)));

/** A type of event in words. Types that the console does not know yet are shown as they are. */
export function labelOf(type: string): string {
  return LABELS.get(type) ?? type;
}

/** A choice of the filter by type: everything, a group, or one type. */
export type TypeChoice = string;

const ALL: TypeChoice = "all";

export function typesOf(choice: TypeChoice): string[] | undefined {
  if (choice === ALL) return undefined;
  const group = EVENT_GROUPS.find(({ id }) => id === choice);
  return group ? group.types.map(({ type }) => type) : [choice];
}

export function choiceOf(types: readonly string[] | undefined): TypeChoice {
  if (!types) return ALL;
  const [first = ALL] = types;
  const group = EVENT_GROUPS.find((each) => each.types.map(({ type }) => type).join() === types.join());
  return group?.id ?? (types.length === 1 ? first : OTHER);
}

/** An address can name any set of types. */
const OTHER: TypeChoice = "other";

/** The options of the select, for the types in the address. */
export function typeOptions(types: readonly string[] | undefined) {
  const isOther = choiceOf(types) === OTHER;
  return {
    options: [
      { id: ALL, name: auditPage.allTypes },
      ...(isOther ? [{ id: OTHER, name: auditPage.severalTypes(types?.length ?? 0) }] : []),
      ...(types?.length === 1 && !LABELS.has(types[0] ?? "") ? [{ id: types[0] ?? "", name: types[0] ?? "" }] : []),
    ],
    sections: EVENT_GROUPS.map(({ id, name, types: members }) => ({
      name,
      options: [
        { id, name: auditPage.everythingIn(name) },
        ...members.map(({ type, label }) => ({ id: type, name: label })),
      ],
    })),
  };
}
