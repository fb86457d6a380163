import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps, Tooltip, TooltipTrigger } from "react-aria-components";
import styles from "./button.module.css";

interface Props extends ButtonProps {
  variant?: "main" | "plain" | "danger";
}

export function Button({ variant = "plain", ...props }: Props) {
  return <AriaButton {...props} className={`${styles.button} ${styles[variant] ?? ""}`} />;
}

interface IconButtonProps {
  label: string;
  /** Why pressing it would be refused. The button stays focusable and says so. */
  refusal?: { message: string } | null | undefined;
  onPress(): void;
  children: ReactNode;
}

/** A button with an icon. Its name is its tooltip; a refusal takes the tooltip's place. */
export function IconButton({ label, refusal, onPress, children }: IconButtonProps) {
  return (
    <TooltipTrigger delay={300}>
      <AriaButton
        aria-label={label}
        aria-disabled={refusal ? "true" : undefined}
        className={`${styles.button} ${styles.icon} ${refusal ? styles.refused : ""}`}
        onPress={() => {
          if (!refusal) onPress();
        }}
      >
        {children}
      </AriaButton>
      <Tooltip className={styles.tooltip}>{refusal?.message ?? label}</Tooltip>
    </TooltipTrigger>
  );
}
