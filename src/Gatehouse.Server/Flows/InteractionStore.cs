using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Flows;

/// <summary>The SQL of interactions.</summary>
internal static class InteractionStore
{
    private const string Insert = """
        INSERT INTO interactions (tenant_id, id, kind, browser_hash, return_path, payload, demand, created_at, expires_at)
        VALUES (@tenant, @id, @kind, @browser, @return_path, @payload, @demand, @created_at, @expires_at)
        """;

    // Ids are in order of time. Bounded: a browser never has more than the newest few, whatever of them is finished or expired.
    private const string DeleteOldest = """
        DELETE FROM interactions WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM interactions WHERE tenant_id = @tenant AND browser_hash = @browser ORDER BY id DESC LIMIT 1000 OFFSET @keep)
        """;

    // The browser is part of the key: another one's interaction is as absent as an expired one.
    private const string Select = """
        SELECT id, kind, return_path, payload, demand, session_id, authenticated_at, created_at, expires_at, identifier,
          step, CASE WHEN proved_at > @fresh THEN proved_user_id END, proofs, answers, draft, organization_id FROM interactions
        WHERE tenant_id = @tenant AND id = @id AND browser_hash = @browser AND finished_at IS NULL AND expires_at > @now
        """;

    // One session fulfils it; the same one may do so again (a re-authentication, a repeated post).
    private const string Fulfil = """
        UPDATE interactions SET session_id = @session, authenticated_at = @authenticated
        WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL AND expires_at > @now AND (session_id IS NULL OR session_id = @session)
        """;

    // Another address is another person: what was proved before is forgotten, and a step of the former in flight finds another count.
    private const string RememberIdentifier = """
        UPDATE interactions SET identifier = @identifier, step = step + 1, proved_user_id = NULL, proofs = NULL, answers = NULL, proved_at = NULL, organization_id = NULL
        WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL AND expires_at > @now
        """;

    // Only where nobody is known yet: who registers is nobody.
    private const string KeepDraft = """
        UPDATE interactions SET draft = @draft, step = step + 1
        WHERE tenant_id = @tenant AND id = @id AND step = @step AND identifier IS NULL AND proved_user_id IS NULL AND session_id IS NULL AND finished_at IS NULL AND expires_at > @now
        """;

    // Of all that saw the same step, one changes it: a second tab, a parallel submit and a replay change no row.
    private const string Prove = """
        UPDATE interactions SET step = step + 1, proved_user_id = @user, proofs = @proofs, answers = @answers, proved_at = @proved_at, organization_id = @organization
        WHERE tenant_id = @tenant AND id = @id AND step = @step AND finished_at IS NULL AND expires_at > @now
        """;

    // The last step uses up the ones before: whoever spends them may begin a session, once.
    private const string Spend = """
        UPDATE interactions SET step = step + 1, proved_user_id = NULL, proofs = NULL, answers = NULL, proved_at = NULL, organization_id = NULL
        WHERE tenant_id = @tenant AND id = @id AND step = @step AND proved_user_id = @user AND proved_at > @fresh AND finished_at IS NULL AND expires_at > @now
        """;

    private const string ForgetUser = """
        UPDATE interactions SET step = step + 1, proved_user_id = NULL, proofs = NULL, answers = NULL, proved_at = NULL, organization_id = NULL
        WHERE tenant_id = @tenant AND proved_user_id = @user
        """;

    // Whoever sets finished_at has finished it; everybody else changes no row.
    private const string Finish = """
        UPDATE interactions SET finished_at = @now WHERE tenant_id = @tenant AND id = @id AND finished_at IS NULL AND expires_at > @now
        """;

    internal static async ValueTask InsertAsync(TenantTransaction tx, Interaction interaction, byte[] browser, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", interaction.Id), ("kind", interaction.Kind), ("browser", browser), ("return_path", interaction.ReturnPath), ("payload", interaction.Payload),
             ("demand", JsonSerializer.Serialize(interaction.Demand, FlowsJson.Default.SignInDemand)), ("created_at", interaction.CreatedAt), ("expires_at", interaction.ExpiresAt)], ct);

    internal static async ValueTask DeleteOldestAsync(TenantTransaction tx, byte[] browser, int keep, CancellationToken ct) =>
        await tx.ExecuteAsync(DeleteOldest, [("browser", browser), ("keep", keep)], ct);

    internal static ValueTask<Interaction?> FindAsync(TenantTransaction tx, InteractionId id, byte[] browser, DateTimeOffset now, CancellationToken ct) =>
        tx.FindAsync(Select, [("fresh", now - Interactions.ProofLifetime), ("id", id), ("browser", browser), ("now", now)], Read, ct);

    internal static async ValueTask<bool> FulfilAsync(TenantTransaction tx, InteractionId id, SessionId session, DateTimeOffset authenticated, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Fulfil, [("session", session), ("authenticated", authenticated), ("id", id), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> RememberIdentifierAsync(TenantTransaction tx, InteractionId id, string? identifier, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(RememberIdentifier, [("identifier", identifier), ("id", id), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> KeepDraftAsync(TenantTransaction tx, InteractionId id, long step, string? draft, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(KeepDraft, [("draft", draft), ("id", id), ("step", step), ("now", now)], ct) == 1;

    /// <param name="provedAt">When the first of the proofs was given: from then on all of them grow old.</param>
    internal static async ValueTask<bool> ProveAsync(TenantTransaction tx, InteractionId id, long step, Proved proved, DateTimeOffset provedAt, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Prove,
            [("user", proved.User), ("proofs", JsonSerializer.Serialize(proved.Proofs, FlowsJson.Default.IReadOnlyListProof)),
             ("answers", proved.Answers.Count == 0 ? null : JsonSerializer.Serialize(proved.Answers, FlowsJson.Default.IReadOnlyListAnswered)), ("proved_at", provedAt), ("organization", proved.Organization), ("id", id), ("step", step), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> SpendAsync(TenantTransaction tx, InteractionId id, long step, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Spend, [("id", id), ("step", step), ("user", user), ("fresh", now - Interactions.ProofLifetime), ("now", now)], ct) == 1;

    internal static async ValueTask ForgetProofsAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        await tx.ExecuteAsync(ForgetUser, [("user", user)], ct);

    internal static async ValueTask<bool> FinishAsync(TenantTransaction tx, InteractionId id, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Finish, [("now", now), ("id", id)], ct) == 1;

    private static Interaction Read(SqlRow row) => new(row.Id<InteractionId>(0), row.Text(1), row.Text(2), row.Text(3),
        JsonSerializer.Deserialize(row.Text(4), FlowsJson.Default.SignInDemand) ?? throw new InvalidOperationException("An interaction has a demand."),
        row.IdOrNull<SessionId>(5), row.TimeOrNull(6), row.Time(7), row.Time(8), Done: false, row.TextOrNull(9), row.Long(10),
        row.IdOrNull<UserId>(11) is { } user ? new Proved(user, JsonSerializer.Deserialize(row.Text(12), FlowsJson.Default.IReadOnlyListProof) ?? [])
        {
            Answers = row.TextOrNull(13) is { } answers ? JsonSerializer.Deserialize(answers, FlowsJson.Default.IReadOnlyListAnswered) ?? [] : [],
            Organization = row.IdOrNull<OrganizationId>(15),
        } : null, row.TextOrNull(14));
}
