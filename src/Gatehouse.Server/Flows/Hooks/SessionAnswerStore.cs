using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Flows.Hooks;

/// <summary>The SQL of what was said of people before their sessions began. Rows go with their session.</summary>
internal static class SessionAnswerStore
{
    private const string Insert = """
        INSERT INTO session_answers (tenant_id, session_id, step, version) VALUES (@tenant, @session, @step, @version)
        ON CONFLICT (tenant_id, session_id, step) DO UPDATE SET version = @version WHERE session_answers.tenant_id = @tenant
        """;

    private const string Select = "SELECT step, version FROM session_answers WHERE tenant_id = @tenant AND session_id = @session";

    internal static async ValueTask KeepAsync(TenantTransaction tx, SessionId session, Answered answer, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert, [("session", session), ("step", answer.Step), ("version", answer.Version)], ct);

    internal static ValueTask<List<Answered>> ListAsync(TenantTransaction tx, SessionId session, UserId user, CancellationToken ct) =>
        tx.ListAsync(Select, [("session", session)], row => new Answered(row.Text(0), row.Long(1), user), ct);
}
