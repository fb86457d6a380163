import { X } from "lucide-react";
import { type KeyboardEvent, useId } from "react";
import { Button as AriaButton, FileTrigger } from "react-aria-components";
import { Button } from "../../parts/button";
import { invitePage } from "../../texts/en/invite";
import { BATCH_SIZE, type Chip } from "./chips";
import styles from "./invite.module.css";
import { addressesInCsv, piecesIn } from "./parse-addresses";

const t = invitePage;
const SEPARATOR = /[,;\n\t]/;

interface Props {
  chips: readonly Chip[];
  /** The typed text that is not a chip yet. */
  text: string;
  problem: string | null;
  onText(text: string): void;
  onAdd(pieces: readonly string[]): void;
  onRemove(id: string): void;
}

/** Accepts addresses that are typed, pasted or read from a CSV file. */
export function AddressInput({ chips, text, problem, onText, onAdd, onRemove }: Props) {
  const id = useId();
  const ready = chips.filter(({ state }) => state === "ready").length;
  const land = (value: string) => {
    if (!SEPARATOR.test(value)) return onText(value);
    const end = Math.max(...[",", ";", "\n", "\t"].map((separator) => value.lastIndexOf(separator)));
    onAdd(piecesIn(value.slice(0, end)));
    onText(value.slice(end + 1).trimStart());
  };
  const landAll = () => {
    onAdd(piecesIn(text));
    onText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = chips.at(-1);
    if (event.key === "Backspace" && text === "" && last) onRemove(last.id);
    if (event.key !== "Enter" || text.trim() === "") return;
    event.preventDefault();
    landAll();
  };
  const readFiles = async (files: FileList | null) => {
    for (const file of files ?? []) onAdd(addressesInCsv(await file.text()));
  };
  return (
    <div className={styles.addresses}>
      <label htmlFor={id}>{t.addresses}</label>
      <div className={styles.input}>
        <ul className={styles.chips} aria-label={t.entered}>
          {chips.map((chip) => (
            <AddressChip key={chip.id} chip={chip} onRemove={() => onRemove(chip.id)} />
          ))}
        </ul>
        <textarea
          id={id}
          rows={1}
          // biome-ignore lint/a11y/noAutofocus: the first field of a dialog that was just opened
          autoFocus
          value={text}
          placeholder={chips.length === 0 ? t.placeholder : ""}
          aria-describedby={`${id}-hint`}
          aria-invalid={problem !== null}
          onChange={({ target }) => land(target.value)}
          onPaste={(event) => {
            event.preventDefault();
            land(`${text}${event.clipboardData.getData("text")}\n`);
          }}
          onKeyDown={onKeyDown}
          onBlur={landAll}
        />
      </div>
      <div className={styles.hint} id={`${id}-hint`}>
        <span className="dim">{t.hint}</span>
        <span role="status">{t.counter(ready, BATCH_SIZE)}</span>
      </div>
      {problem && <p className={styles.problem}>{problem}</p>}
      <FileTrigger acceptedFileTypes={[".csv", ".txt", "text/csv"]} onSelect={(files) => void readFiles(files)}>
        <Button>{t.fromFile}</Button>
      </FileTrigger>
    </div>
  );
}

function AddressChip({ chip: { text, state }, onRemove }: { chip: Chip; onRemove(): void }) {
  const isWrong = state !== "ready" && state !== "sending";
  return (
    <li className={`${styles.chip} ${isWrong ? styles.wrong : ""}`}>
      <span>
        {text} {isWrong && <strong>{t.states[state]}</strong>}
      </span>
      <AriaButton aria-label={t.removeChip(text)} onPress={onRemove} className={styles.drop}>
        <X size={14} aria-hidden />
      </AriaButton>
    </li>
  );
}
