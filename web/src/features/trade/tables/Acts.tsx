import { Button } from "@/ui/Button";
import { Sure } from "@/ui/Sure";

interface Props {
  /** Which order, for those who hear the page. */
  what: string;
  isBusy: boolean;
  onAmend: (() => void) | null;
  onCancel: () => void;
}

/** What can be done with one order that waits. */
export function Acts({ what, isBusy, onAmend, onCancel }: Props) {
  return (
    <>
      {onAmend && (
        <Button disabled={isBusy} aria-label={`Amend: ${what}`} onClick={onAmend}>
          Amend
        </Button>
      )}{" "}
      <Button look="danger" disabled={isBusy} aria-label={`Cancel: ${what}`} onClick={onCancel}>
        Cancel
      </Button>
    </>
  );
}

/** The head of the column of `Acts`. */
export function CancelAll({ count, isBusy, onCancel }: CancelAllProps) {
  if (count < 2) return null;
  return (
    <Sure ask={`Cancel ${count}?`} disabled={isBusy} onSure={onCancel}>
      Cancel all
    </Sure>
  );
}

interface CancelAllProps {
  count: number;
  isBusy: boolean;
  onCancel: () => void;
}
