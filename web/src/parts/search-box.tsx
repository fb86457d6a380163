import { Search } from "lucide-react";
import { Input, Label, SearchField, type SearchFieldProps } from "react-aria-components";
import styles from "./search-box.module.css";

interface Props {
  label: string;
  value: string;
  autoFocus?: boolean;
  onChange(value: string): void;
  onKeyDown?: NonNullable<SearchFieldProps["onKeyDown"]>;
}

/** A search updates while a person types, so Enter must not send the form around it. */
const notSending: Props["onKeyDown"] = (event) => {
  if (event.key === "Enter") event.preventDefault();
  else event.continuePropagation();
};

/** Narrows a list while a person types. */
export function SearchBox({ label, onKeyDown = notSending, ...props }: Props) {
  return (
    <SearchField {...props} onKeyDown={onKeyDown} className={styles.search}>
      <Label className="unseen">{label}</Label>
      <Search size={16} aria-hidden />
      <Input placeholder={label} />
    </SearchField>
  );
}
