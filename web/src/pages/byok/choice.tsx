import { Label, Radio, RadioGroup } from "react-aria-components";
import styles from "./byok.module.css";

interface Props<Id extends string> {
  label: string;
  value: Id;
  options: ReadonlyArray<{ id: Id; name: string; text: string; warning?: string | null }>;
  onChange(id: Id): void;
}

/** A choice of a few options, each with an explanation. */
export function Choice<Id extends string>({ label, value, options, onChange }: Props<Id>) {
  const choose = (chosen: string) => {
    const option = options.find(({ id }) => id === chosen);
    if (option) onChange(option.id);
  };
  return (
    <RadioGroup value={value} onChange={choose} className={styles.choice}>
      <Label className="unseen">{label}</Label>
      <div className={styles.options}>
        {options.map(({ id, name, text, warning }) => (
          <Radio key={id} value={id} className={styles.option}>
            <strong>{name}</strong>
            <span className="dim">{text}</span>
            {warning && <span className={styles.warning}>{warning}</span>}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
