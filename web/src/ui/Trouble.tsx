import { Button } from "./Button";
import { Empty } from "./Empty";

/** What a panel says that could not ask, with a way to ask again. */
export function Trouble({ error, again }: { error: Error; again: () => void }) {
  return (
    <Empty title="This could not be loaded">
      <span role="alert">{error.message}</span>
      <Button onClick={again}>Try again</Button>
    </Empty>
  );
}
