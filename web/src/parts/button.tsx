import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps, Tooltip, TooltipTrigger } from "react-aria-components";
import styles from "./button.module.css";
import { type Why, wordsOf } from "./why";

interface Props extends ButtonProps {
  variant?: "main" | "plain" | "danger";
  /** Why pressing it would be refused. It stays focusable and says so. */
  refusal?: Why;
}

export function Button({ variant = "plain", refusal, isPending, ...props }: Props) {
  const className = `${styles.button} ${styles[variant] ?? ""}`;
  const { onPress, type, ...others } = props;
  if (!refusal) {
    // React Aria's isPending is not used, because it announces the button by its id even after the button is gone.
    const pending = { type: "button", "aria-disabled": "true", "aria-busy": "true", "data-pending": true } as const;
    return <AriaButton {...others} className={className} {...(isPending ? pending : { type, onPress })} />;
  }
  return (
    <TooltipTrigger delay={300}>
      <AriaButton {...others} type="button" aria-disabled="true" className={`${className} ${styles.refused}`} />
      <Tooltip className={styles.tooltip}>{wordsOf(refusal)}</Tooltip>
    </TooltipTrigger>
  );
}

interface IconButtonProps {
  label: string;
  refusal?: Why;
  /** Gets the focus when a row beside it has gone. */
  isMainAction?: boolean;
  /** Whether the content that the button opens is shown. Absent: the button opens nothing in place. */
  isExpanded?: boolean;
  onPress(): void;
  children: ReactNode;
}

/** A button with an icon. Its name is its tooltip; a refusal replaces the tooltip. */
export function IconButton({ label, refusal, isMainAction, isExpanded, onPress, children }: IconButtonProps) {
  return (
    <TooltipTrigger delay={300}>
      <AriaButton
        aria-label={label}
        aria-disabled={refusal ? "true" : undefined}
        data-main-action={isMainAction}
        {...(isExpanded !== undefined && { "aria-expanded": isExpanded })}
        className={`${styles.button} ${styles.icon} ${refusal ? styles.refused : ""}`}
        onPress={() => {
          if (!refusal) onPress();
        }}
      >
        {children}
      </AriaButton>
      <Tooltip className={styles.tooltip}>{refusal ? wordsOf(refusal) : label}</Tooltip>
    </TooltipTrigger>
  );
}
