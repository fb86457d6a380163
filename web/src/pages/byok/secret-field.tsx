import { useId } from "react";
import styles from "./byok.module.css";

interface Props {
  name: string;
  label: string;
  hint: string;
  problem: string | null;
  type?: "text" | "password" | "datetime-local";
  onInput?(value: string): void;
}

/**
 * A field of the key. Only the field itself holds its value: React would write a controlled value into the document,
 * where it could be read.
 */
export function SecretField({ name, label, hint, problem, type = "text", onInput }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
        aria-describedby={`${id}-hint`}
        aria-invalid={problem !== null}
        aria-errormessage={problem === null ? undefined : `${id}-problem`}
        onInput={({ currentTarget }) => onInput?.(currentTarget.value)}
      />
      <span id={`${id}-hint`} className="dim">
        {hint}
      </span>
      {problem && (
        <span id={`${id}-problem`} role="alert" className={styles.problem}>
          {problem}
        </span>
      )}
    </div>
  );
}
