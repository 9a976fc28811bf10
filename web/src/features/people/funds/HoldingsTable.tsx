import type { Wallet } from "@/api/funds";
import { type Decimal, shown } from "@/lib/decimal";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";
import { amountText } from "./amounts";
import { type Holding, total, worth } from "./holdings";
import type { Held } from "./useWallets";

interface Props {
  held: Held;
  empty: { title: string; help: string };
}

/** Both wallets beside each other, with what they are worth; dimmed while that may be old. */
export function HoldingsTable({ held: { rows, error, isLive, again }, empty }: Props) {
  if (error && !rows) return <Trouble error={error} again={again} />;
  if (!rows) return <Bones rows={4} />;
  if (!rows.length) return <Empty title={empty.title}>{empty.help}</Empty>;
  return (
    <div className="scroll" data-stale={!isLive || undefined}>
      <table className="rows holdings">
        <thead>
          <tr>
            <th>Asset</th>
            <th className="number">Trading</th>
            <th className="number spare">In orders</th>
            <th className="number">Funding</th>
            <th className="number">Worth in USD</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.ccy}>
              <th scope="row">{one.ccy}</th>
              <Cell one={one} wallet="trading" />
              <td className="number spare quiet">{one.held.gt(0) ? amountText(one.held) : "–"}</td>
              <Cell one={one} wallet="funding" />
              <td className="number">{one.price ? <Usd value={worth(one)} /> : "–"}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="number">
              <Usd value={total(rows, "trading")} />
            </td>
            <td className="spare" />
            <td className="number">
              <Usd value={total(rows, "funding")} />
            </td>
            <td className="number">
              <Usd value={total(rows)} />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Cell({ one, wallet }: { one: Holding; wallet: Wallet }) {
  const amount = one[wallet];
  return (
    <td className="number">
      {amount.gt(0) ? amountText(amount) : <span className="quiet">–</span>}
      {amount.gt(0) && one.price && (
        <small>
          <Usd value={worth(one, wallet)} />
        </small>
      )}
      {wallet === "trading" && one.held.gt(0) && (
        <small className="instead">{amountText(one.held)} in orders</small>
      )}
    </td>
  );
}

function Usd({ value }: { value: Decimal }) {
  return (
    <>
      {shown(value, 2)}
      <span className="spare"> USD</span>
    </>
  );
}
