import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { closeOverlay } from "./overlays";

const KEYS: readonly [string, string][] = [
  ["B", "Buy"],
  ["S", "Sell"],
  ["L", "Limit order"],
  ["M", "Market order"],
  ["T", "Trigger order"],
  ["↑ ↓", "Price by one tick; with Shift by ten"],
  ["1 – 5", "10, 25, 50, 75, 100 % of what you have"],
  ["Enter", "Send the order, from the ticket"],
  ["Esc", "Leave a field"],
  ["A", "Amend the selected order; select the newest if none is"],
  ["X", "Cancel the selected order; select the newest if none is"],
  ["Shift X", "Cancel all orders of this market, when pressed twice"],
  ["[ ]", "Finer or wider steps of the book"],
  ["Ctrl K", "Choose a market"],
  ["?", "This list"],
];

/** Which key does what. */
export function KeyMap() {
  return (
    <Dialog label="Keys" onClose={closeOverlay}>
      <div className="key-map">
        <h2>Keys</h2>
        <p className="quiet">They work outside of text fields; arrows and Enter also within.</p>
        <dl>
          {KEYS.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <Button onClick={closeOverlay}>Close</Button>
      </div>
    </Dialog>
  );
}
