import { type ReactNode, useState } from "react";
import type { Shown } from "@/api/own";
import { Bones } from "@/ui/Bones";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";
import { select, useShownRows } from "./selection";

export interface Column<T> {
  head: ReactNode;
  cell: (row: T) => ReactNode;
  look?: "number" | "quiet" | "acts";
  /** Long texts, on more than one line where there is little room. */
  wraps?: boolean;
  colour?: (row: T) => string;
  /** More about it, for a pointer that rests there; a phone shows it below. */
  title?: (row: T) => string;
}

interface Props<T> {
  shown: Shown<T>;
  empty: { title: string; help: string };
  columns: readonly Column<T>[];
  keyOf: (row: T) => string;
  /** Whether keys can mean one of the rows. */
  isSelectable?: boolean;
  /** What stands in the place of a row, if anything does. */
  instead?: (row: T) => ReactNode;
  /** Asks for older rows; null or left out where there are none. */
  older?: (() => void) | null;
}

/** A phone has room for so many columns; of more, each row becomes a card with the names of its numbers. */
const ON_A_PHONE = 5;
/** So many rows are built at once; more than anybody reads, and few enough to be built again with each event. */
const BUILT = 100;

/** Rows of one's own: on their way, in trouble, none, or here; dimmed while they are not current. */
export function Rows<T>(props: Props<T>) {
  const { shown, empty, columns, keyOf, isSelectable, instead, older } = props;
  const [most, setMost] = useState(BUILT);
  const selected = useShownRows((now) => (isSelectable ? now.selected : null));
  const { rows, error, isPending, isLive, again } = shown;
  if (error && !rows) return <Trouble error={error} again={again} />;
  if (isPending || !rows) return <Bones rows={4} />;
  if (!rows.length) return <Empty title={empty.title}>{empty.help}</Empty>;
  const hidden = rows.length - most;
  return (
    <div className="scroll" data-stale={!isLive || undefined}>
      <table className={columns.length > ON_A_PHONE ? "rows tight cards" : "rows tight"}>
        <thead>
          <tr>
            {columns.map((column, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
              <th key={n} className={classOf(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map((row) => {
            const key = keyOf(row);
            const other = instead?.(row);
            if (other) {
              return (
                <tr key={key} data-selected>
                  <td colSpan={columns.length}>{other}</td>
                </tr>
              );
            }
            const choose = isSelectable ? () => select(key) : undefined;
            return (
              <tr
                key={key}
                data-selected={key === selected || undefined}
                onClick={choose}
                onFocus={choose}
              >
                {columns.map((column, n) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                    key={n}
                    className={classOf(column, column.colour?.(row))}
                    data-name={typeof column.head === "string" ? column.head : undefined}
                    title={column.title?.(row)}
                  >
                    {column.cell(row)}
                    {column.title?.(row) && <small className="more">{column.title(row)}</small>}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {(hidden > 0 || older) && (
        <p className="aside">
          <Button
            onClick={() => {
              setMost(most + BUILT);
              if (hidden <= 0) older?.();
            }}
          >
            {hidden > 0 ? `${hidden} more` : "Older"}
          </Button>
        </p>
      )}
    </div>
  );
}

function classOf<T>({ look, wraps }: Column<T>, colour?: string): string | undefined {
  return [look, wraps && "wraps", colour].filter(Boolean).join(" ") || undefined;
}
