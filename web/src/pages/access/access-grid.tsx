import type { WorkspaceRole } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Loading } from "../../parts/loading";
import { MoreButton } from "../../parts/more-button";
import { Failed } from "../../parts/page-states";
import { SearchBox } from "../../parts/search-box";
import { texts } from "../../texts/en";
import { accessPage } from "../../texts/en/access";
import styles from "./access.module.css";
import { AccessChoice } from "./access-choice";
import type { Choice, Choices } from "./choices";
import { useWorkspaces } from "./use-workspaces";

const t = accessPage;

interface Props {
  organizationId: string;
  choices: Choices;
  /** The role in a workspace without an override. */
  inherited: WorkspaceRole;
  onChange(workspaceId: string, choice: Choice | null): void;
}

/** Every workspace with the access to it, and the role that results. */
export function AccessGrid({ organizationId, choices, inherited, onChange }: Props) {
  const { workspaces, search, setSearch, isSearchable, error, retry, more } = useWorkspaces(organizationId);
  if (!workspaces) return error ? <Failed error={error} onRetry={retry} /> : <Loading panels={[170]} />;
  return (
    <div className={styles.grid}>
      {isSearchable && <SearchBox label={t.search} value={search} onChange={setSearch} />}
      {error && <Failed error={error} onRetry={retry} />}
      {workspaces.length === 0 && <p role="status">{t.noMatch}</p>}
      <ul className={styles.rows} aria-label={t.workspaces}>
        {workspaces.map((node) => {
          const choice = choices.get(node.id) ?? null;
          return (
            <li key={node.id} className={styles.row}>
              <span className={styles.name}>
                <strong dir="auto">{node.name}</strong>
                <span className="dim"> {texts.providers[node.cloudProvider]}</span>
              </span>
              <AccessChoice
                name={node.name}
                choice={choice}
                inherited={inherited}
                onChange={(next) => onChange(node.id, next)}
              />
              <span className={styles.effective}>
                {choice ? (
                  <Badge tone={choice.roleOverride ? "good" : "neutral"}>
                    {texts.workspaceRoles[choice.roleOverride ?? inherited]}
                  </Badge>
                ) : (
                  <span className="dim">{t.noAccess}</span>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      {more && <MoreButton label={t.more} {...more} />}
    </div>
  );
}
