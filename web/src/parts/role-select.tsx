import { ChevronDown } from "lucide-react";
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue, Text } from "react-aria-components";
import type { OrganizationRole } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import styles from "./role-select.module.css";

interface Option {
  role: OrganizationRole;
  /** Why this role cannot be given. The option stays reachable and says so. */
  refusal?: { message: string } | null;
  description?: string;
}

interface Props {
  label: string;
  value: OrganizationRole;
  options: readonly Option[];
  onChange(role: OrganizationRole): void;
}

export function RoleSelect({ label, value, options, onChange }: Props) {
  const choose = (key: unknown) => {
    const option = options.find(({ role }) => role === key);
    if (option && !option.refusal && option.role !== value) onChange(option.role);
  };
  return (
    <Select aria-label={label} value={value} onChange={choose} className={styles.select}>
      <Button className={styles.trigger}>
        <SelectValue>{texts.roles[value]}</SelectValue>
        <ChevronDown size={16} aria-hidden />
      </Button>
      <Popover className={styles.popover}>
        <ListBox>
          {options.map(({ role, refusal, description }) => (
            <ListBoxItem
              key={role}
              id={role}
              textValue={texts.roles[role]}
              className={`${styles.option} ${refusal ? styles.refused : ""}`}
            >
              <Text slot="label">{texts.roles[role]}</Text>
              <Text slot="description" className={styles.description}>
                {refusal?.message ?? description}
              </Text>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
