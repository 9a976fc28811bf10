import type { ReactNode } from "react";
import type { Shown } from "@/api/own";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";
import { select, useShownRows } from "./selection";

export interface Column<T> {
  head: ReactNode;
  cell: (row: T) => ReactNode;
  look?: "number" | "quiet" | "acts";
  /** Left out where there is little room. */
  isWide?: boolean;
  /** Long texts, on more than one line where there is little room. */
  wraps?: boolean;
  colour?: (row: T) => string;
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
}

/** Rows of one's own: on their way, in trouble, none, or here; dimmed while they are not current. */
export function Rows<T>({ shown, empty, columns, keyOf, isSelectable, instead }: Props<T>) {
  const selected = useShownRows((now) => (isSelectable ? now.selected : null));
  const { rows, error, isPending, isLive, again } = shown;
  if (error && !rows) return <Trouble error={error} again={again} />;
  if (isPending || !rows) return <Bones rows={4} />;
  if (!rows.length) return <Empty title={empty.title}>{empty.help}</Empty>;
  return (
    <div className="scroll" data-stale={!isLive || undefined}>
      <table className="rows tight">
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
          {rows.map((row) => {
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
                    title={column.title?.(row)}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function classOf<T>({ look, isWide, wraps }: Column<T>, colour?: string): string | undefined {
  return [look, isWide && "wide", wraps && "wraps", colour].filter(Boolean).join(" ") || undefined;
}
