import { Clock } from "lucide-react";
import { useState } from "react";
import type { WorkspaceRole } from "../../graph/generated/graphql";
import { IconButton } from "../../parts/button";
import { texts } from "../../texts/en";
import { accessPage } from "../../texts/en/access";
import styles from "./access.module.css";
import type { Choice } from "./choices";
import { localTime, toInstant } from "./local-time";

const t = accessPage;
const OVERRIDES: readonly WorkspaceRole[] = ["ADMIN", "DEVELOPER", "VIEWER"];

interface Props {
  /** The name of the workspace. */
  name: string;
  choice: Choice | null;
  inherited: WorkspaceRole;
  onChange(choice: Choice | null): void;
}

/** The access to one workspace, and when it ends. */
export function AccessChoice({ name, choice, inherited, onChange }: Props) {
  const chosen = choice ? (choice.roleOverride ?? "INHERIT") : "NONE";
  const choose = (value: string) => {
    if (value === "NONE") return onChange(null);
    const roleOverride = OVERRIDES.find((role) => role === value) ?? null;
    onChange({ roleOverride, expiresAt: choice?.expiresAt ?? null });
  };
  const [hasEnd, setHasEnd] = useState(false);
  return (
    <span className={styles.choice}>
      <select aria-label={t.accessTo(name)} value={chosen} onChange={({ target }) => choose(target.value)}>
        <option value="NONE">{t.none}</option>
        <option value="INHERIT">{t.inherit(texts.workspaceRoles[inherited])}</option>
        {OVERRIDES.map((role) => (
          <option key={role} value={role}>
            {texts.workspaceRoles[role]}
          </option>
        ))}
      </select>
      {choice && !hasEnd && !choice.expiresAt && (
        <IconButton label={t.addEnd(name)} onPress={() => setHasEnd(true)}>
          <Clock size={18} aria-hidden />
        </IconButton>
      )}
      {choice && (hasEnd || choice.expiresAt) && (
        <label className={styles.until}>
          <span className="dim">{t.until}</span>
          <input
            type="datetime-local"
            aria-label={t.untilOf(name)}
            value={choice.expiresAt ? localTime(choice.expiresAt) : ""}
            min={localTime(new Date().toISOString())}
            onChange={({ target }) => {
              // The value is empty as long as a part is missing. The field stays until it is complete again.
              setHasEnd(true);
              onChange({ ...choice, expiresAt: toInstant(target.value) });
            }}
          />
        </label>
      )}
    </span>
  );
}
