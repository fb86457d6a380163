import type { ReviewItemFragment, WorkspaceRole } from "../../graph/generated/graphql";
import { MoreButton } from "../../parts/more-button";
import { Failed } from "../../parts/page-states";
import { SearchBox } from "../../parts/search-box";
import { Select } from "../../parts/select";
import { texts } from "../../texts/en";
import { accessPage } from "../../texts/en/access";
import { reviewPage } from "../../texts/en/reviews";
import { useWorkspaces } from "../access/use-workspaces";
import styles from "./review.module.css";

const page = reviewPage;
const OPTIONS = [
  { id: "NONE" as const, name: page.noAccess },
  { id: "INHERIT" as const, name: page.inherit },
  ...(["ADMIN", "DEVELOPER", "VIEWER"] as const).map((id) => ({ id, name: texts.roles[id] })),
];

export type Choice = WorkspaceRole | "NONE" | "INHERIT";
export type Choices = Readonly<Record<string, Choice>>;

interface Props {
  item: ReviewItemFragment;
  organizationId: string;
  choices: Choices;
  onChange(workspaceId: string, choice: Choice): void;
}

/** The workspaces of the organization, and the access to each. The member's own workspaces come first. */
export function Grants({ item, organizationId, choices, onChange }: Props) {
  const { workspaces, search, setSearch, isSearched, isSearchable, ...reading } = useWorkspaces(organizationId);
  const { error, retry, more } = reading;
  const own = item.grants.map(({ workspaceId, workspaceName }) => ({ id: workspaceId, name: workspaceName }));
  const others = (workspaces ?? []).filter(({ id }) => own.every((each) => each.id !== id));
  return (
    <fieldset className={styles.grants}>
      <legend>{page.newGrants}</legend>
      {isSearchable && <SearchBox label={accessPage.search} value={search} onChange={setSearch} />}
      {[...own, ...others].map(({ id, name }) => (
        <div key={id} className={styles.grant}>
          <span dir="auto">{name}</span>
          <Select<Choice>
            label={`${page.access}: ${name}`}
            value={choices[id] ?? "NONE"}
            options={OPTIONS}
            onChange={(choice) => onChange(id, choice)}
          />
        </div>
      ))}
      {error && <Failed error={error} onRetry={retry} />}
      {isSearched && workspaces && others.length === 0 && <p role="status">{accessPage.noMatch}</p>}
      {more && <MoreButton label={accessPage.more} {...more} />}
    </fieldset>
  );
}
