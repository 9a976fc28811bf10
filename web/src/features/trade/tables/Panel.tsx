import type { ReactNode } from "react";
import type { Shown } from "@/api/own";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";

interface Props<T> {
  shown: Shown<T>;
  empty: { title: string; help: string };
  children: (rows: T[]) => ReactNode;
}

/** Rows of one's own: on their way, in trouble, none, or here; dimmed while they are not current. */
export function Panel<T>({ shown, empty, children }: Props<T>) {
  const { rows, error, isPending, isLive, again } = shown;
  if (error && !rows) return <Trouble error={error} again={again} />;
  if (isPending || !rows) return <Bones rows={4} />;
  if (!rows.length) return <Empty title={empty.title}>{empty.help}</Empty>;
  return (
    <div className="scroll" data-stale={!isLive || undefined}>
      {children(rows)}
    </div>
  );
}
