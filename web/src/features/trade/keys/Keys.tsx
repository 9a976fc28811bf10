import type { Instrument } from "@/api/types";
import { Notice } from "@/ui/Notice";
import { useKeys } from "./useKeys";

/** Listens to keys, and shows what they ask or could not do. Apart from the page, because it follows the whole book. */
export function Keys({ pair }: { pair: Instrument }) {
  const { asks, failure, forget } = useKeys(pair);
  return (
    <>
      {asks && <Notice>{asks}</Notice>}
      {failure && (
        <Notice kind="error" onDismiss={forget}>
          {failure.message}
        </Notice>
      )}
    </>
  );
}
