/** Rows that are on their way. */
export function Bones({ rows }: { rows: number }) {
  return (
    <div className="empty" role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={n} className="bones" style={{ width: `${85 - ((n * 23) % 40)}%` }} />
      ))}
    </div>
  );
}
