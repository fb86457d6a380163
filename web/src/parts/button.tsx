import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps, Tooltip, TooltipTrigger } from "react-aria-components";
import styles from "./button.module.css";
import { type Why, wordsOf } from "./why";

interface Props extends ButtonProps {
  variant?: "main" | "plain" | "danger";
  /** Why pressing it would be refused. It stays focusable and says so. */
  refusal?: Why;
  ref?: Ref<HTMLButtonElement>;
}

/** One element in every state, so that a button which becomes refused or pending keeps the focus. */
export function Button({ variant = "plain", refusal, isPending, ...props }: Props) {
  const { onPress, type, ...others } = props;
  const className = `${styles.button} ${styles[variant] ?? ""} ${refusal ? styles.refused : ""}`;
  return (
    <TooltipTrigger delay={300} isDisabled={!refusal}>
      <AriaButton
        {...others}
        className={className}
        {...(refusal ? REFUSED : isPending ? PENDING : { type: type ?? "button", ...(onPress && { onPress }) })}
      />
      {refusal && <Tooltip className={styles.tooltip}>{wordsOf(refusal)}</Tooltip>}
    </TooltipTrigger>
  );
}

const REFUSED = { type: "button", "aria-disabled": "true" } as const;
// React Aria's isPending is not used, because it announces the button by its id even after the button is gone. It
// overwrites `data-pending`.
const PENDING = { ...REFUSED, "data-waiting": true } as const;

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
