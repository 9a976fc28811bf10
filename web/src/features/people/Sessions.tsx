import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { site } from "@/api/site";
import { browserName } from "@/lib/browser";
import { dayAndClock } from "@/lib/time";
import { useTask } from "@/lib/useTask";
import { Bones } from "@/ui/Bones";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";

/** Where a person is logged in, each of which can be ended from here. */
export function Sessions() {
  const queries = useQueryClient();
  const uid = useSession(({ me }) => me?.uid ?? "");
  const sessions = useQuery({ queryKey: ["sessions", uid], queryFn: site.sessions });
  const { isBusy, failure, run } = useTask();

  function end(name: string) {
    void run(async () => {
      await site.endSession(name);
      await queries.invalidateQueries({ queryKey: ["sessions"] });
    });
  }

  return (
    <section className="panel" aria-labelledby="sessions">
      <header>
        <h2 id="sessions">Sessions</h2>
        <span className="quiet">where you are logged in</span>
      </header>
      <div className="body">
        {sessions.isPending && <Bones rows={1} />}
        {sessions.isError && <Notice kind="error">{sessions.error.message}</Notice>}
        {failure && <Notice kind="error">{failure.message}</Notice>}
        {sessions.data && (
          <div className="scroll">
            <table className="rows">
              <thead>
                <tr>
                  <th>Browser</th>
                  <th className="spare">Address</th>
                  <th className="number spare">Since</th>
                  <th className="number">Last seen</th>
                  <th aria-label="Actions" />
                </tr>
              </thead>
              <tbody>
                {sessions.data.map((session) => (
                  <tr key={session.name}>
                    <td title={session.browser}>
                      {browserName(session.browser)}
                      <small className="instead">
                        {session.address}, since {dayAndClock(String(session.since))}
                      </small>
                    </td>
                    <td className="spare">{session.address}</td>
                    <td className="number spare">{dayAndClock(String(session.since))}</td>
                    <td className="number">{dayAndClock(String(session.seen))}</td>
                    <td className="number">
                      {session.isThis ? (
                        <span className="quiet">this one</span>
                      ) : (
                        <Button look="danger" disabled={isBusy} onClick={() => end(session.name)}>
                          End
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </section>
  );
}
