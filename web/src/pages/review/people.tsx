import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { ReviewHeadFragment, ReviewItemFragment } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { PagerBar } from "../../parts/pager";
import { Problem } from "../../parts/problem";
import { SearchBox } from "../../parts/search-box";
import { texts } from "../../texts/en";
import { reviewPage } from "../../texts/en/reviews";
import { ChangeDialog } from "./change-dialog";
import { countOf, FILTERS, type Filter, matching } from "./filter";
import { ItemRow } from "./item-row";
import { NoteDialog } from "./note-dialog";
import styles from "./review.module.css";
import type { ReviewState } from "./review-state";
import { type Browsing, useBrowsing } from "./use-browsing";
import { type Decisions, useDecisions } from "./use-decisions";
import { type ReviewKey, useReviewKeys } from "./use-review-keys";

const page = reviewPage;

interface Props {
  review: ReviewHeadFragment;
  items: readonly ReviewItemFragment[];
  organizationId: string;
  store: ReviewState;
}

type Open = { is: "change" | "note"; item: ReviewItemFragment } | null;

/** The people in the review: filtered, page by page, decided by mouse or keyboard, one or many. */
export function People({ review, items, organizationId, store }: Props) {
  const [filter, setFilter] = useState<Filter>("all");
  const [search, setSearch] = useState("");
  const [hasKeys, setKeys] = useState(true);
  const [open, setOpen] = useState<Open>(null);
  const shown = matching(items, filter, search);
  const browsing = useBrowsing(shown, `${filter} ${search}`);
  const decisions = useDecisions(store, organizationId, review.id);
  const isOpen = review.status === "OPEN";
  const decide = (decision: "KEEP" | "REMOVE", targets: readonly ReviewItemFragment[]) =>
    decideOn(decision, targets, browsing, decisions);
  useReviewKeys(hasKeys && isOpen && open === null, (key) => {
    const { current } = browsing;
    const mayDecide = current && !current.decisionRefusal;
    const actions: Record<ReviewKey, () => void> = {
      next: () => browsing.move(1),
      previous: () => browsing.move(-1),
      keep: () => mayDecide && void decide("KEEP", [current]),
      remove: () => mayDecide && void decide("REMOVE", [current]),
      change: () => mayDecide && setOpen({ is: "change", item: current }),
      note: () => mayDecide && setOpen({ is: "note", item: current }),
      select: () => mayDecide && browsing.toggle(current.id),
      undo: () => void decisions.undo(),
    };
    actions[key]();
  });
  const close = () => {
    setOpen(null);
    browsing.focus();
  };
  const dialog = open && { ...nowAndThen(open.item, items), organizationId, decisions, browsing, onClose: close };
  return (
    <section aria-label={page.people}>
      <Filters items={items} filter={filter} search={search} onFilter={setFilter} onSearch={setSearch} />
      {isOpen && <Keys isOn={hasKeys} onChange={setKeys} />}
      {isOpen && <Bar shown={shown} browsing={browsing} decisions={decisions} onDecide={decide} />}
      <Problem problem={open ? null : decisions.problem} />
      <Overtaken text={decisions.overtaken} />
      {shown.length === 0 && <p className="notice">{page.empty}</p>}
      <ol className={styles.items} start={browsing.from + 1}>
        {browsing.visible.map((item) => (
          <ItemRow
            key={item.id}
            item={item}
            isOpen={isOpen}
            browsing={browsing}
            onDecide={(decision) => void decide(decision, [item])}
            onOpen={(is) => setOpen({ is, item })}
          />
        ))}
      </ol>
      <Pages browsing={browsing} total={shown.length} />
      {dialog && open.is === "change" && <ChangeDialog {...dialog} />}
      {dialog && open.is === "note" && <NoteDialog {...dialog} />}
    </section>
  );
}

/** The item as it is now and as it was when its dialog was opened, because others may decide on it meanwhile. */
function nowAndThen(opened: ReviewItemFragment, items: readonly ReviewItemFragment[]) {
  return { item: items.find(({ id }) => id === opened.id) ?? opened, opened };
}

/** Decides, and moves to the next undecided person. */
async function decideOn(
  decision: "KEEP" | "REMOVE",
  targets: readonly ReviewItemFragment[],
  browsing: Browsing,
  decisions: Decisions,
): Promise<void> {
  const [first] = targets;
  if (!first) return;
  const word = page.decisions[decision];
  const isOne = targets.length === 1;
  const text = isOne ? page.done(word, first.userName) : page.doneMany(word, targets.length);
  const next = isOne ? browsing.afterDecision(first.id) : null;
  if (!(await decisions.decide(targets, { decision }, text))) return;
  if (isOne) browsing.goTo(next);
  else browsing.clearSelection();
}

interface FilterProps {
  items: readonly ReviewItemFragment[];
  filter: Filter;
  search: string;
  onFilter(filter: Filter): void;
  onSearch(search: string): void;
}

function Filters({ items, filter, search, onFilter, onSearch }: FilterProps) {
  return (
    <div className={styles.filters}>
      <ToggleButtonGroup
        aria-label={page.people}
        className={styles.chips}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[filter]}
        onSelectionChange={(keys) => onFilter(FILTERS.find((each) => keys.has(each)) ?? "all")}
      >
        {FILTERS.map((each) => (
          <ToggleButton key={each} id={each} className={styles.chip}>
            {page.filters[each]} <span>{countOf(items, each).toLocaleString("en")}</span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <SearchBox label={page.search} value={search} onChange={onSearch} />
    </div>
  );
}

function Keys({ isOn, onChange }: { isOn: boolean; onChange(isOn: boolean): void }) {
  return (
    <p className={styles.keys}>
      <label>
        <input type="checkbox" checked={isOn} onChange={({ target }) => onChange(target.checked)} /> {page.shortcuts}
      </label>
      {isOn && <span className="dim">{page.shortcutsText}</span>}
    </p>
  );
}

interface BarProps {
  shown: readonly ReviewItemFragment[];
  browsing: Browsing;
  decisions: Decisions;
  onDecide(decision: "KEEP" | "REMOVE", targets: readonly ReviewItemFragment[]): Promise<void>;
}

/** Decisions on all selected people, and the undo of the last step. */
function Bar({ shown, browsing, decisions, onDecide }: BarProps) {
  const selectable = shown.filter(({ decisionRefusal }) => !decisionRefusal);
  const selected = selectable.filter(({ id }) => browsing.selected.has(id));
  const { last, progress, undo, isSending } = decisions;
  return (
    <div className={styles.bar}>
      <Button onPress={() => browsing.select(selectable.map(({ id }) => id))}>
        {page.selectAll(selectable.length)}
      </Button>
      {selected.length > 0 && (
        <>
          <span>{page.selected(selected.length)}</span>
          <Button isPending={isSending} onPress={() => void onDecide("KEEP", selected)}>
            {page.decisions.KEEP}
          </Button>
          <Button variant="danger" isPending={isSending} onPress={() => void onDecide("REMOVE", selected)}>
            {page.decisions.REMOVE}
          </Button>
          <Button onPress={browsing.clearSelection}>{page.clearSelection}</Button>
        </>
      )}
      {progress && <span role="status">{page.bulk(progress.done, progress.all)}</span>}
      {last && !progress && (
        <span className={styles.last}>
          <span className="dim" dir="auto">
            {last.text}
          </span>
          <Button onPress={() => void undo()}>{texts.undo}</Button>
        </span>
      )}
    </div>
  );
}

/** Says which decisions the last undo has left alone. */
function Overtaken({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <p role="alert" className={styles.meanwhile} dir="auto">
      {text}
    </p>
  );
}

function Pages({ browsing, total }: { browsing: Browsing; total: number }) {
  const { from, visible } = browsing;
  const to = from + visible.length;
  return (
    <PagerBar
      from={from + 1}
      to={to}
      total={total}
      previous={from > 0 ? () => browsing.turn(-1) : null}
      next={to < total ? () => browsing.turn(1) : null}
    />
  );
}
