import { FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from "react-aria-components";
import styles from "./field.module.css";

interface Props extends TextFieldProps {
  label: string;
  hint?: string;
  /** Why the service refused the value. */
  problem?: string | null;
  isMultiline?: boolean;
}

export function Field({ label, hint, problem, isMultiline, ...props }: Props) {
  // A value that the service refused can be sent again: the browser must not block the form for it.
  const validation = { isInvalid: Boolean(problem), validationBehavior: problem ? "aria" : "native" } as const;
  return (
    <TextField {...props} {...validation} className={styles.field}>
      <Label>{label}</Label>
      {isMultiline ? <TextArea rows={4} /> : <Input />}
      {hint && (
        <Text slot="description" className="dim">
          {hint}
        </Text>
      )}
      <FieldError className={styles.problem}>{problem}</FieldError>
    </TextField>
  );
}
